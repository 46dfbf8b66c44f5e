from odoo.tests import BaseCase, tagged

from ...rules.compare import ADDED, CHANGED, REMOVED, SAME, Clause, compare


def clauses(*texts):
    return [Clause(text) for text in texts]


def keyed(**texts):
    return [Clause(text, key) for key, text in texts.items()]


def marks(rows):
    return [(row.mark, row.is_moved, row.old, row.new) for row in rows]


@tagged("post_install", "-at_install", "without_demo")
class TestRulesCompare(BaseCase):
    def test_same(self):
        """R49: white space is no change; nothing is marked."""
        rows = compare(clauses("We  serve.", "Fast"), clauses("We serve. ", "Fast"))
        self.assertEqual(marks(rows), [(SAME, False, 0, 0), (SAME, False, 1, 1)])
        self.assertEqual(compare([], []), [])

    def test_added_and_removed(self):
        """R49: a removed clause stands where it stood, and an added one too."""
        rows = compare(
            clauses("Spread quality", "Measure satisfaction", "Build trust"),
            clauses("Spread quality", "Build trust", "Visit people at home"),
        )
        self.assertEqual(
            marks(rows),
            [
                (SAME, False, 0, 0),
                (REMOVED, False, 1, None),
                (SAME, False, 2, 1),
                (ADDED, False, None, 2),
            ],
        )
        first = compare(clauses("Alpha", "Beta"), clauses("Beta"))
        self.assertEqual(marks(first), [(REMOVED, False, 0, None), (SAME, False, 1, 0)])
        everything = compare(clauses("Alpha"), [])
        self.assertEqual(marks(everything), [(REMOVED, False, 0, None)])

    def test_changed_words(self):
        """R49: only the words that differ are marked, on both sides."""
        (row,) = compare(
            clauses("The reply comes within two weeks of the notice"),
            clauses("The reply comes within thirty days of the notice"),
        )
        self.assertEqual(row.mark, CHANGED)
        differing = [
            [w for w, d in side if d] for side in (row.old_pieces, row.new_pieces)
        ]
        self.assertEqual(" ".join(differing[0]), "two weeks")
        self.assertEqual(" ".join(differing[1]), "thirty days")
        for side, text in (
            (row.old_pieces, "The reply comes within two weeks of the notice"),
            (row.new_pieces, "The reply comes within thirty days of the notice"),
        ):
            self.assertEqual("".join(words for words, _differs in side), text)

    def test_other_words_are_another_clause(self):
        """R49: clauses with little in common are not matched."""
        rows = compare(clauses("Spread the culture of quality"), clauses("هاتف"))
        self.assertEqual([row.mark for row in rows], [REMOVED, ADDED])

    def test_keys(self):
        """R49: a channel is the same under another name, and moves if others do not."""
        rows = compare(
            keyed(interview="Interview", phone="Phone", letter="Letters"),
            keyed(letter="Letters", interview="Meeting", phone="Phone"),
        )
        self.assertEqual(
            marks(rows),
            [
                (SAME, True, 2, 0),
                (CHANGED, False, 0, 1),
                (SAME, False, 1, 2),
            ],
        )
        # The same words under another key are another clause.
        rows = compare(keyed(phone="Phone"), keyed(letter="Phone"))
        self.assertEqual([row.mark for row in rows], [REMOVED, ADDED])

    def test_twins(self):
        """R49: of two equal clauses, one is matched once."""
        rows = compare(clauses("Serve", "Serve"), clauses("Serve"))
        self.assertEqual([row.mark for row in rows], [SAME, REMOVED])
