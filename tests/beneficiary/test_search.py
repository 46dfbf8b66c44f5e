from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import FILE, DuplicateCase

NAME = "محمد علي أحمد القحطاني"


@tagged("post_install", "-at_install", "without_demo")
class TestSearch(DuplicateCase):
    """Finding people: by words in any order, and by the numbers of their people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env[FILE].create(
            {
                "name": NAME,
                "company_id": cls.company.id,
                "identity_type": "border",
                "identity_number": "3000000001",
                "phone": "0500000091",
            }
        )

    def _search(self, text, user=None):
        user = user or self.officer
        files = self.env[FILE].with_user(user)
        files = files.with_context(allowed_company_ids=user.company_ids.ids)
        found = call_kw(files, "name_search", [text], {"limit": None})
        return files.browse([file for file, _name in found])

    def assertFound(self, text, is_found=True):
        with self.subTest(text=text):
            listed = self.env[FILE].with_user(self.officer)
            domain = [("display_name", "ilike", text)]
            listed = listed.browse(call_kw(listed, "search", [domain], {}))
            self.assertEqual(self.person in self._search(text), is_found)
            self.assertEqual(self.person in listed, is_found)

    def test_words_in_any_order(self):
        """People: every word is found, wherever it stands; each of them counts."""
        for text in ("محمد القحطاني", "القحطاني محمد", "احمد  علی", "قحطان محم"):
            self.assertFound(text)
        for text in ("محمد الغامدي", "سعيد القحطاني"):
            self.assertFound(text, False)

    def test_numbers_are_one_run(self):
        """People: a number with spaces is one number, not the files with its parts."""
        self.assertFound("050 000 0091")
        self.assertFound("300 000 0001")
        self.person.phone = "0509300091"
        self.assertFound("300 91", False)
        self.assertFound("محمد 0509300091")

    def test_letters_of_other_keyboards(self):
        """People: Urdu and Persian letters, and "أبو" apart or together, are found."""
        for name, texts in (
            ("فاطمہ أبو بكر", ("فاطمة ابوبكر", "ابو بكر", "بكر فاطمه", "أبوبكر")),
            ("ڤيصل پرويز", ("فيصل برويز", "پرويز")),
            ("چاسم گريم", ("جاسم كريم",)),
        ):
            self.person.name = name
            for text in texts:
                self.assertFound(text)

    def test_people_of_the_file(self):
        """People: a dependant's number and a guardian's telephone find the file."""
        self.assertFound("1000000032", False)
        member = self.env["beneficiary.household.member"].create(
            {
                "beneficiary_id": self.person.id,
                "name": "ريم",
                "identity_number": "1000000032",
            }
        )
        self.env["beneficiary.representative"].create(
            {
                "beneficiary_id": self.person.id,
                "name": "وليّ",
                "phone": "0500000092",
                "identity_number": "1000000040",
            }
        )
        for text in ("1000000032", "١٠٠٠٠٠٠٠٣٢", "0500000092", "+966500000092"):
            self.assertFound(text)
        self.assertFound("1000000040")
        member.identity_number = "1000000057"
        for text in ("1000000057", "1000000032"):
            self.assertFound(text)
        member.active = False
        self.assertFound("1000000057", False)
        member.active = True
        self.assertFound("1000000057")
        member.unlink()
        self.assertFound("1000000057", False)

    def test_what_was_pasted(self):
        """People: the shown name of a file, names with commas, a paper's number."""
        self.assertFound(self.person.display_name)
        for text in ("محمد، القحطاني", "القحطاني, محمد", "«محمد علي»", "(القحطاني)"):
            self.assertFound(text)
        self.assertFound("[999999] محمد القحطاني", False)
        self.person.write({"identity_type": "other", "identity_number": "un-1720/4"})
        for text in ("UN-1720/4", "un 1720/4", "un1720", "UN\u20111720"):
            self.assertFound(text)
        self.assertFound("un-1721", False)

    def test_a_former_number(self):
        """People: the number that a person had before finds the file."""
        self.person.write({"identity_type": "iqama", "identity_number": "2000000006"})
        for text in ("3000000001", "2000000006"):
            self.assertFound(text)

    def test_a_stranger_finds_nothing(self):
        """R6, R43: neither another association nor another branch finds the file."""
        self.env["beneficiary.household.member"].create(
            {
                "beneficiary_id": self.person.id,
                "name": "ريم",
                "identity_number": "1000000032",
            }
        )
        for user in (self.outsider, self.delegate):
            self.assertNotIn(self.person, self._search("1000000032", user))

    def test_an_empty_result(self):
        """People: an empty list does not take a search for the first use."""
        for name in ("beneficiary_action", "request_action", "interaction_action"):
            text = self.env.ref(f"beneficiary_relations.{name}").help
            self.assertNotRegex(text, "first")
            self.assertIn("to show", text)

    def test_queries(self):
        """Scale: keys of 2N files with their people need as many queries as N."""
        files = self.env[FILE].union(*(self._make_file() for _number in range(8)))
        self.env["beneficiary.household.member"].create(
            [{"beneficiary_id": file.id, "name": "ريم"} for file in files]
        )

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env.add_to_compute(some._fields["search_key"], some)
            some._recompute_recordset(["search_key"])
            return self.env.cr.sql_log_count - before

        count(files[:4])
        self.assertEqual(count(files[:4]), count(files))
