from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FILE, MISTYPED, DuplicateCase

NUMBER, MERGED_NUMBER = "1000000016", "1000000024"
MEMBER = "beneficiary.household.member"


@tagged("post_install", "-at_install", "without_demo")
class TestMergedNumbers(DuplicateCase):
    """The numbers of a merged file lead to the one that stays, through every door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make = cls._make_file.__get__(cls())
        cls.kept = make(identity_number=NUMBER)
        cls.double = make(MISTYPED, identity_number=MERGED_NUMBER)
        pair = cls.env["beneficiary.duplicate"].create(
            {"first_id": cls.kept.id, "second_id": cls.double.id}
        )
        pair.with_user(cls.manager)._merge(cls.kept, [])

    def _load(self, model, row):
        companies = self.company.ids
        records = self.env[model].with_user(self.officer)
        with mute_logger("odoo.sql_db"):
            return records.with_context(
                import_file=True, allowed_company_ids=companies
            ).load(list(row), [list(row.values())])

    def test_sheets_of_lines(self):
        """R44: dependants and papers of a merged file come into the one that stays."""
        kind = self.identity_type.name
        for number in (MERGED_NUMBER, self.double.file_number):
            for model, row in (
                (MEMBER, {"beneficiary_id": number, "name": "ريم"}),
                (
                    "beneficiary.document",
                    {"beneficiary_id": number, "type_id": kind, "number": NUMBER},
                ),
            ):
                with self.subTest(number=number, model=model):
                    result = self._load(model, row)
                    self.assertFalse(result["messages"])
                    line = self.env[model].browse(result["ids"])
                    self.assertEqual(line.beneficiary_id, self.kept)
        self.assertEqual(len(self.kept.household_member_ids), 1)
        self.assertEqual(len(self.kept.document_ids), 1)

    def test_former_number(self):
        """R44: a number that was changed finds its file, unless another has it now."""
        self.kept.identity_number = "1000000032"
        row = {"beneficiary_id": NUMBER, "name": "ريم"}
        result = self._load(MEMBER, row)
        self.assertFalse(result["messages"])
        member = self.env[MEMBER].browse(result["ids"])
        self.assertEqual(member.beneficiary_id, self.kept)
        self.assertEqual(self._load(MEMBER, row)["ids"], member.ids)
        other = self._make_file("هند ماجد", identity_number=NUMBER)
        result = self._load(MEMBER, {**row, "name": "منى"})
        self.assertEqual(self.env[MEMBER].browse(result["ids"]).beneficiary_id, other)

    def test_sheet_of_files(self):
        """R44: the row of a merged file is refused, and names the one that stays."""
        result = self._load(FILE, {"name": MISTYPED, "identity_number": MERGED_NUMBER})
        self.assertFalse(result["ids"])
        [message] = result["messages"]
        self.assertIn(self.kept.display_name, message["message"])

    def test_merged_by_mistake(self):
        """R24: the number is free again once a manager empties the archived file."""
        vals = {"name": "هند ماجد", "identity_number": MERGED_NUMBER}
        for user in (self.officer, self.manager):
            with self.assertRaises(ValidationError) as caught:
                self._call_as(user, FILE, "create", [vals])
            self.assertIn(self.kept.display_name, str(caught.exception))
            self.assertIn("manager empties", str(caught.exception))
        branch = self._make_branch(self.delegate)
        vals["branch_id"] = branch.id
        with self.assertRaises(ValidationError) as caught:
            self._call_as(self.delegate, FILE, "create", [vals])
        self.assertNotIn(self.kept.name, str(caught.exception))
        empty = {"identity_number": False}
        self._call_as(self.manager, FILE, "write", self.double.ids, empty)
        [new] = self._call_as(self.officer, FILE, "create", [vals])
        result = self._load(MEMBER, {"beneficiary_id": MERGED_NUMBER, "name": "ريم"})
        member = self.env[MEMBER].browse(result["ids"])
        self.assertEqual(member.beneficiary_id.id, new)

    def test_nothing_begins_in_a_merged_file(self):
        """R24: no death, no request, no dependant in a file that was merged."""
        calls = (
            (FILE, "action_record_death", self.double.ids, "2026-01-01", "A call"),
            (FILE, "action_close", self.double.ids, "Gone"),
            (
                "beneficiary.request",
                "create",
                [
                    {
                        "beneficiary_id": self.double.id,
                        "service_id": self.service.id,
                        "channel_id": self._channel("phone").id,
                    }
                ],
            ),
            (MEMBER, "create", [{"beneficiary_id": self.double.id, "name": "ريم"}]),
        )
        for model, method, *args in calls:
            with self.subTest(model=model, method=method):
                with self.assertRaises(UserError) as caught:
                    self._call_as(self.manager, model, method, *args)
                self.assertIn(self.kept.file_number, str(caught.exception))
