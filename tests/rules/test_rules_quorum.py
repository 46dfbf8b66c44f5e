from collections import Counter
from fractions import Fraction
from itertools import combinations_with_replacement, permutations, product

from odoo.tests import BaseCase, tagged

from ...rules import RuleError
from ...rules.quorum import (
    Ballot,
    Rule,
    call_roll,
    decide,
    missing,
    substitutes,
)

# Ballots by letter: A accept, R reject, B abstain, X recused, "-" absent.
CHOICES = {"A": "accept", "R": "reject", "B": "abstain", "X": "recused", "-": None}
MAJORITIES = ("simple", "two_thirds", "all")
RULES = [
    *(
        Rule("number", number, majority)
        for number in range(9)
        for majority in MAJORITIES
    ),
    # Shares that cover every needed number of members, for at most seven members.
    *(
        Rule("share", share, majority)
        for share in sorted(
            {
                percent
                for base in range(1, 8)
                for present in range(1, base + 1)
                for percent in (100 * present // base, 100 * present // base + 1)
                if 1 <= percent <= 100
            }
        )
        for majority in MAJORITIES
    ),
]


def committees():
    """Yield (chair, others) for every vote of up to seven members, whoever chairs it.

    The chair is one letter or None; the others are a sorted string, because their
    order is not supposed to matter.
    """
    for size in range(8):
        for others in combinations_with_replacement("ABRX-", size):
            yield None, "".join(others)
            if size < 7:
                for chair in CHOICES:
                    yield chair, "".join(others)


def ballots(chair, others):
    votes = [Ballot(CHOICES[letter]) for letter in others]
    if chair is not None:
        votes.append(Ballot(CHOICES[chair], is_chair=True))
    return votes


def by_definition(chair, others, rule):
    """Return (outcome, code) by the words of the rule, computed with fractions."""
    in_office = [letter for letter in others + (chair or "") if letter != "X"]
    there = [letter for letter in in_office if letter != "-"]
    cast = sorted(set("AR") & set(there))
    if not in_office or len(there) < smallest_quorum(len(in_office), rule):
        return None, "no_quorum"
    if not cast:
        return None, "nothing_cast"
    for_it = Fraction(there.count("A"), there.count("A") + there.count("R"))
    if rule.majority == "all":
        unanimous = cast == ["A"]
        return (
            ("accepted", "threshold_reached")
            if unanimous
            else ("rejected", "threshold_missed")
        )
    if rule.majority == "two_thirds":
        if for_it < Fraction(2, 3):
            return "rejected", "threshold_missed"
        return "accepted", "threshold_reached"
    if for_it == Fraction(1, 2):
        return {
            "A": ("accepted", "casting_vote"),
            "R": ("rejected", "casting_vote"),
        }.get(chair, (None, "tie_without_casting_vote"))
    return ("rejected", "accepted")[for_it > Fraction(1, 2)], "majority"


def smallest_quorum(base, rule):
    """Return the smallest number of members present that satisfies the rule."""
    if rule.quorum_type == "number":
        return next(n for n in range(2, 101) if n >= rule.quorum)
    share = Fraction(rule.quorum, 100)
    return next(n for n in range(2, 101) if not base or Fraction(n, base) >= share)


@tagged("post_install", "-at_install", "without_demo")
class TestRulesQuorum(BaseCase):
    def vote(self, chair, others, quorum_type, quorum, majority="simple"):
        result = decide(ballots(chair, others), Rule(quorum_type, quorum, majority))
        return result.outcome, result.code

    def test_every_vote_of_up_to_seven_members(self):
        """R19: all votes, chairs, quorums and majorities, by a second computation."""
        wrong = []
        for chair, others in committees():
            votes = ballots(chair, others)
            letters = Counter(others + (chair or ""))
            base = letters.total() - letters["X"]
            present = letters["A"] + letters["R"] + letters["B"]
            counts = (base, present, letters["A"], letters["R"], letters["B"])
            for rule in RULES:
                got = decide(votes, rule)
                figures = (got.base, got.present, got.accept, got.reject, got.abstain)
                if (
                    (got.outcome, got.code) != by_definition(chair, others, rule)
                    or figures != counts
                    or got.needed != smallest_quorum(base, rule)
                ):
                    wrong.append((chair, others, rule, got))
        self.assertEqual(wrong[:5], [], f"{len(wrong)} votes are counted wrong")

    def test_the_table_is_complete(self):
        """R19: the exhaustive test reaches every outcome and code."""
        met = {
            (result.outcome, result.code)
            for chair, others in committees()
            for result in (
                decide(ballots(chair, others), Rule("number", 2, majority))
                for majority in MAJORITIES
            )
        }
        self.assertEqual(
            met,
            {
                ("accepted", "majority"),
                ("rejected", "majority"),
                ("accepted", "casting_vote"),
                ("rejected", "casting_vote"),
                ("accepted", "threshold_reached"),
                ("rejected", "threshold_missed"),
                (None, "no_quorum"),
                (None, "nothing_cast"),
                (None, "tie_without_casting_vote"),
            },
        )

    def test_the_order_of_ballots_does_not_matter(self):
        """R19: the chair decides a tie at any place in the list of ballots."""
        rule = Rule("share", 50, "simple")
        votes = ballots("R", "ABR") + ballots(None, "A-")
        self.assertEqual(
            {decide(seats, rule).code for seats in permutations(votes)},
            {"casting_vote"},
        )
        self.assertEqual(len({decide(list(s), rule) for s in permutations(votes)}), 1)

    def test_votes_worked_by_hand(self):
        """R19: examples that were worked out by hand."""
        number_3 = ("number", 3)
        for chair, others, quorum, majority, outcome, code in (
            ("A", "AR", number_3, "simple", "accepted", "majority"),
            ("R", "AR", number_3, "simple", "rejected", "majority"),
            ("R", "AAR", number_3, "simple", "rejected", "casting_vote"),
            ("A", "ARR", number_3, "simple", "accepted", "casting_vote"),
            ("B", "AR", number_3, "simple", None, "tie_without_casting_vote"),
            ("-", "ARB", number_3, "simple", None, "tie_without_casting_vote"),
            ("X", "ARB", number_3, "simple", None, "tie_without_casting_vote"),
            (None, "AARR", number_3, "simple", None, "tie_without_casting_vote"),
            ("B", "BB", number_3, "simple", None, "nothing_cast"),
            ("B", "BB", number_3, "all", None, "nothing_cast"),
            ("B", "BA", number_3, "simple", "accepted", "majority"),
            ("A", "A--", number_3, "simple", None, "no_quorum"),
            # An association of three, where the applicant's brother is recused.
            ("A", "AX", number_3, "simple", None, "no_quorum"),
            ("A", "AX", ("share", 100), "simple", "accepted", "majority"),
            # Two thirds of the votes cast; an abstention counts for the quorum only.
            ("A", "AR", number_3, "two_thirds", "accepted", "threshold_reached"),
            ("A", "AARR", number_3, "two_thirds", "rejected", "threshold_missed"),
            ("A", "ARBB", number_3, "two_thirds", "accepted", "threshold_reached"),
            ("A", "AB", number_3, "all", "accepted", "threshold_reached"),
            ("A", "AAAR", number_3, "all", "rejected", "threshold_missed"),
        ):
            with self.subTest(chair=chair, others=others, majority=majority):
                got = self.vote(chair, others, *quorum, majority)
                self.assertEqual(got, (outcome, code))

    def test_the_quorum_of_a_share(self):
        """R19: the base of a share leaves out only the recused; nothing is rounded."""
        for share, base, needed in (
            (50, 4, 2),
            (50, 5, 3),
            (51, 4, 3),
            (66, 3, 2),
            (67, 3, 3),
            (1, 5, 2),  # at least two members
            (100, 5, 5),
            (7, 100, 7),
            (29, 100, 29),  # 29 * 100 / 100.0 is where floats begin to lie
            (57, 100, 57),
        ):
            with self.subTest(share=share, base=base):
                rule = Rule("share", share, "simple")
                result = decide(ballots(None, "A" * base + "XX"), rule)
                self.assertEqual((result.base, result.needed), (base, needed))
        self.assertEqual(self.vote("A", "A--XX", "share", 50), ("accepted", "majority"))
        self.assertEqual(self.vote("A", "A---XX", "share", 50), (None, "no_quorum"))

    def test_one_person_is_never_a_committee(self):
        """R19: a quorum by number is at least two, whatever number is set."""
        for number in (-1, 0, 1, 2):
            with self.subTest(number=number):
                result = decide(ballots("A", "-"), Rule("number", number, "simple"))
                self.assertEqual((result.code, result.needed), ("no_quorum", 2))
                self.assertEqual(self.vote("A", "A", "number", number)[0], "accepted")

    def test_nobody_left_to_vote(self):
        """R19: without members who may vote there is no quorum, under any rule."""
        for others in ("", "X", "XXX"):
            codes = {decide(ballots(None, others), rule).code for rule in RULES}
            self.assertEqual(codes, {"no_quorum"})

    def test_what_is_not_a_vote_is_refused(self):
        """R19: an unknown choice or rule is an error, and not an absence."""
        two_chairs = ballots("A", "") + ballots("R", "")
        for code, params, function, *args in (
            ("unknown_choice", {"choice": "yes"}, Ballot, "yes"),
            ("unknown_choice", {"choice": ""}, Ballot, ""),
            ("quorum_type", {"quorum_type": "half"}, Rule, "half", 2, "simple"),
            ("quorum_share", {"quorum": 0}, Rule, "share", 0, "simple"),
            ("quorum_share", {"quorum": 101}, Rule, "share", 101, "simple"),
            ("majority", {"majority": "most"}, Rule, "number", 2, "most"),
            ("several_chairs", {}, decide, two_chairs, RULES[0]),
        ):
            with self.subTest(code=code), self.assertRaises(RuleError) as caught:
                function(*args)
            self.assertEqual(
                (caught.exception.code, caught.exception.params), (code, params)
            )

    def test_substitutes(self):
        """R19: the called substitutes fill up the quorum of the whole committee."""
        half, number_3 = Rule("share", 51, "simple"), Rule("number", 3, "simple")
        for members, recused, rule, expected in (
            (3, 0, half, 0),
            (3, 1, half, 0),
            (3, 2, half, 1),
            (3, 3, half, 2),
            (7, 3, half, 0),
            (7, 4, half, 1),
            (3, 1, number_3, 1),
            (2, 0, number_3, 1),
            (0, 0, half, 2),
        ):
            with self.subTest(members=members, recused=recused, rule=rule):
                self.assertEqual(substitutes(members, recused, rule), expected)

    def test_missing(self):
        """R19: a quorum is impossible if even all votes together do not reach it."""
        for base, rule in product(range(8), RULES):
            everybody = [Ballot("accept") for _member in range(base)]
            impossible = decide(everybody, rule).code == "no_quorum"
            with self.subTest(base=base, rule=rule):
                self.assertEqual(missing(base, rule) > 0, impossible)

    def test_in_a_session(self):
        """R19: in a session those present in it decide, each case worked by hand."""
        share, two = Rule("share", 51, "simple"), Rule("number", 2, "simple")
        # A capital stands for a member who is present, a small letter for an absent
        # one; the first is the chair.
        for letters, rule, ahead, expected in (
            # Quorum 3 of 4: one in the room and three votes from afar decide nothing.
            ("Aaaa", share, False, (None, "no_session_quorum", 4, 1, 3, 0)),
            ("Aaaa", share, True, ("accepted", "majority", 4, 4, 3, 3)),
            ("AAAr", share, False, ("accepted", "majority", 4, 3, 3, 0)),
            ("AAAr", share, True, ("accepted", "majority", 4, 4, 3, 1)),
            # An absent chair has a casting vote only where voting ahead counts.
            ("aARR", two, False, ("rejected", "majority", 4, 3, 2, 0)),
            ("aAR-", two, False, (None, "tie_without_casting_vote", 4, 2, 2, 0)),
            ("rAAr", two, True, ("rejected", "casting_vote", 4, 4, 2, 2)),
            # Who steps aside is in the session all the same, if present.
            ("AAX-", share, False, ("accepted", "majority", 3, 2, 2, 0)),
            ("AAXX", share, False, ("accepted", "majority", 2, 2, 2, 0)),
            ("AAxx", share, False, (None, "no_session_quorum", 4, 2, 3, 0)),
            # Who came and did not vote makes the session's quorum, not the vote's.
            ("AA--", share, False, (None, "no_session_quorum", 4, 2, 3, 0)),
            ("AAO-", share, False, (None, "no_quorum", 4, 2, 3, 0)),
            ("AAOO", share, False, (None, "no_quorum", 4, 2, 3, 0)),
        ):
            # "-" is absent without a vote, "O" present without one; the other letters
            # are those of CHOICES.
            votes = [
                Ballot(
                    CHOICES.get(letter.upper()),
                    is_chair=place == 0,
                    is_present=letter.isupper(),
                )
                for place, letter in enumerate(letters)
            ]
            got = decide(votes, rule, ahead)
            with self.subTest(letters=letters, rule=rule, ahead=ahead):
                figures = (got.base, got.present, got.needed, got.ahead)
                self.assertEqual((got.outcome, got.code, *figures), expected)

    def test_the_roll_is_the_same_computation(self):
        """R19: whatever is decided in a session, its roll had a quorum."""
        letters = "ABRX"
        for size, rule, ahead in product((2, 4), RULES[::9], (False, True)):
            for choices, presence in product(
                combinations_with_replacement(letters, size),
                product((True, False), repeat=size),
            ):
                votes = [
                    Ballot(CHOICES[choice], is_present=is_present)
                    for choice, is_present in zip(choices, presence, strict=True)
                ]
                roll = call_roll(votes, rule, ahead)
                result = decide(votes, rule, ahead)
                if not roll.has_quorum:
                    self.assertEqual(result.code, "no_session_quorum")
                else:
                    self.assertNotEqual(result.code, "no_session_quorum")
                if result.outcome and not ahead:
                    self.assertLessEqual(result.needed, sum(presence))

    def test_a_substitute_fills_a_place(self):
        """R19: substitutes make no committee larger."""
        rule = Rule("share", 51, "simple")
        seats = [Ballot(None, is_present=here) for here in (True, True, False, False)]
        self.assertFalse(call_roll(seats, rule).has_quorum)
        substitute = Ballot("accept", is_present=True, is_substitute=True)
        roll = call_roll([*seats, substitute], rule)
        self.assertEqual((roll.base, roll.present, roll.needed), (4, 3, 3))
