import csv
import io

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import BeneficiaryCommon

FILE = "beneficiary.beneficiary"
MEMBER = "beneficiary.household.member"


@tagged("post_install", "-at_install")
class TestImportChanges(BeneficiaryCommon):
    """R44: no sheet makes somebody else of a person, and what it changes is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file.write({"birth_date": "1980-01-02", "gender": "male"})
        cls.child = cls.env[MEMBER].create(
            {
                "beneficiary_id": cls.file.id,
                "name": "نورة سالم المثال",
                "identity_number": "1000000016",
                "birth_date": "2015-01-31",
            }
        )

    def _import(self, model, row, dryrun=True):
        """Import one row as the import screen does; ``dryrun`` is its test button."""
        self.env.flush_all()
        text = io.StringIO()
        csv.writer(text).writerows([list(row), list(row.values())])
        screen = self.env["base_import.import"].with_user(self.officer)
        screen = screen.with_context(tracking_disable=True, lang="en_US")
        screen = screen.create(
            {
                "res_model": model,
                "file": text.getvalue().encode(),
                "file_type": "text/csv",
                "file_name": "people.csv",
            }
        )
        options = {
            "has_headers": True,
            "quoting": '"',
            "separator": ",",
            "encoding": "utf-8",
            "date_format": "%Y-%m-%d",
        }
        with mute_logger("odoo.sql_db"):
            return screen.execute_import(list(row), list(row), options, dryrun=dryrun)

    def _get_row(self, **vals):
        return {"identity_number": "1000000008", "name": "سالم المثال", **vals}

    def assertStays(self, model, row, record, *words):
        """Check that a row is refused, in test and import, and changes nothing."""
        before = record.read(["name", "birth_date", "gender", "active"])
        for dryrun in (True, False):
            result = self._import(model, row, dryrun)
            self.assertFalse(result["ids"])
            self.assertFalse(result["changes"])
            said = " ".join(message["message"] for message in result["messages"])
            for word in (record.display_name, *words):
                self.assertIn(word, said)
        record.invalidate_recordset()
        self.assertEqual(
            record.read(["name", "birth_date", "gender", "active"]), before
        )

    def test_other_person(self):
        """R44: a known number with another name, birth date or gender is refused, and
        the test button says so."""
        for vals, words in (
            (
                {
                    "name": "خالد القحطاني",
                    "birth_date": "1999-09-09",
                    "phone": "0500000009",
                },
                ("Name", "Birth Date"),
            ),
            ({"name": "سالم القحطاني"}, ("Name",)),
            ({"birth_date": "1980-01-03"}, ("Birth Date",)),
            ({"birth_date_hijri": "1400-02-15"}, ("Birth Date",)),
            ({"gender": "Female"}, ("Gender",)),
        ):
            with self.subTest(vals=vals):
                self.assertStays(FILE, self._get_row(**vals), self.file, *words)

    def test_archived_person(self):
        """R44: the row of an archived file, or dependant, names it and is refused."""
        self.child.active = False
        row = {"beneficiary_id": "1000000008", "identity_number": "1000000016"}
        row["name"] = self.child.name
        self.assertStays(MEMBER, row, self.child, "archived")
        self.file.active = False
        self.assertStays(FILE, self._get_row(), self.file, "archived")

    def test_by_identifier(self):
        """R44: a column with identifiers opens no other door."""
        row = {".id": str(self.file.id), "name": "خالد القحطاني"}
        self.assertStays(FILE, row, self.file, "Name")

    def test_dependant(self):
        """R44: the same holds for dependants."""
        row = {
            "beneficiary_id": "1000000008",
            "identity_number": "1000000016",
            "name": "سارة سالم المثال",
            "birth_date": "2015-01-31",
        }
        self.assertStays(MEMBER, row, self.child, "Name")
        row.update(name=self.child.name, birth_date="2018-01-31")
        self.assertStays(MEMBER, row, self.child, "Birth Date")

    def test_corrections_are_told(self):
        """R44: a written-out name and a new telephone are imported; the test says what
        will change, and the file keeps who changed it."""
        row = self._get_row(name="سالم بن سعد المثال", phone="0500000009")
        result = self._import(FILE, row)
        self.assertFalse(result["messages"])
        (told,) = result["changes"]
        for word in ("سالم المثال", "سالم بن سعد المثال", "+966500000001"):
            self.assertIn(word, told)
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.file.invalidate_recordset()
        self.assertEqual(self.file.name, "سالم المثال")
        result = self._import(FILE, row, dryrun=False)
        self.assertEqual(result["changes"], [told])
        self.env.flush_all()
        self.env.cr.precommit.run()
        note = self.file.message_ids[:1].sudo()
        self.assertIn("phone", note.tracking_value_ids.field_id.mapped("name"))
        self.assertEqual(note.author_id, self.officer.partner_id)
        self.assertFalse(self._import(FILE, row)["changes"])

    def test_papers(self):
        """R44: what a sheet changes in a paper is told, too."""
        paper = self._make_document(self.file, self.identity_type)
        row = {
            "beneficiary_id": "1000000008",
            "type_id": self.identity_type.name,
            "number": "1000000008",
            "expiry_date": "2041-01-01",
        }
        (told,) = self._import("beneficiary.document", row)["changes"]
        self.assertIn("2041-01-01", told)
        self.assertIn(str(paper.expiry_date), told)
