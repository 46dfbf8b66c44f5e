from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import FILE
from .test_identity_types import DEPENDANT, REASON, IdentityCase


@tagged("post_install", "-at_install", "without_demo")
class TestImportPersons(IdentityCase):
    """R44: a corrected sheet changes the people that it names, and makes no others."""

    def _load(self, model, columns, *rows):
        result = self._call_as(self.officer, model, "load", columns, list(rows))
        self.assertEqual(result["messages"], [])
        return self.env[model].browse(result["ids"])

    def test_a_number_that_came_later(self):
        """R44: a child without a number is the same child when it has one."""
        columns = ["beneficiary_id", "name", "identity_number", "birth_date"]
        row = ["1000000008", "نورة المثال", "", "2015-01-31"]
        child = self._load(DEPENDANT, columns, row)
        sister = self._load(DEPENDANT, columns, [*row[:3], "2017-01-31"])
        row[2] = "1000000016"
        self.assertEqual(self._load(DEPENDANT, columns, row), child)
        self.assertEqual(child.identity_number, "1000000016")
        self.assertFalse(sister.identity_number)
        row[2] = "1000000024"
        other = self._load(DEPENDANT, columns, row)
        self.assertNotIn(other, child | sister)

    def test_a_day_that_came_later(self):
        """R38, R44: the year alone and a day of it are one birth."""
        columns = ["beneficiary_id", "name", "birth_date"]
        for number, (first, later, other) in enumerate(
            (
                ("1435", "1435/5/5", "1437/5/5"),
                ("1435/5/5", "1435", "1437"),
                ("2015", "2015-03-04", "2016-03-04"),
                ("2015-03-04", "1436", "1433"),
            )
        ):
            row = ["1000000008", f"سارة {number}"]
            with self.subTest(first=first, later=later):
                child = self._load(DEPENDANT, columns, [*row, first])
                self.assertEqual(self._load(DEPENDANT, columns, [*row, later]), child)
                self.assertFalse(child.is_birth_year_only, "The day is kept")
                twin = self._load(DEPENDANT, columns, [*row, other])
                self.assertNotEqual(twin, child)

    def test_files_without_a_number(self):
        """R44: a file without identity is the same one, when its sheet comes again."""
        columns = ["name", "identity_type", "identity_number", "identity_reason"]
        columns += ["birth_date", "phone"]
        for name, birth, phone in (
            ("خالد المثال", "", ""),
            ("سعد المثال", "1405", ""),
            ("فهد المثال", "", "٠٥٠٠٠٠٠٠٧٧"),
        ):
            row = [name, "None", "", REASON, birth, phone]
            with self.subTest(name=name):
                file = self._load(FILE, columns, row)
                self.assertEqual(self._load(FILE, columns, row), file)
        birth_known = ["سعد المثال", "None", "", REASON, "1405/3/3", ""]
        known = self._load(FILE, columns, birth_known)
        self.assertEqual(known.birth_date_hijri, "1405-03-03")
        again = ["فهد المثال", "Border Number", "3000000005", "", "", "0500000077"]
        numbered = self._load(FILE, columns, again)
        self.assertEqual(numbered, file)
        self.assertEqual(numbered.identity_number, "3000000005")

    def test_namesakes_stay_apart(self):
        """R44: the name alone makes nobody of a file; other data make another file."""
        columns = ["name", "identity_type", "identity_number", "identity_reason"]
        columns += ["birth_date", "phone"]
        file = self._load(FILE, columns, ["خالد المثال", "None", "", REASON, "", ""])
        for row in (
            ["خالد المثال", "Border Number", "3000000006", "", "", ""],
            ["خالد المثال", "None", "", REASON, "1405", ""],
            ["خالد المثال", "None", "", REASON, "1407", "0500000078"],
        ):
            with self.subTest(row=row):
                self.assertNotEqual(self._load(FILE, columns, row), file)
        self.assertFalse(file.identity_number or file.birth_date)

    def test_two_states_in_one_sheet(self):
        """R12, R44: passports of two states with one number are two people."""
        columns = ["name", "identity_type", "identity_number", "nationality_id"]
        rows = [
            ["سالم المثال", "Passport", "A1234567", "Egypt"],
            ["راشد المثال", "Passport", "a 123-4567", "Yemen"],
        ]
        files = self._load(FILE, columns, *rows)
        self.assertEqual(files.nationality_id.mapped("code"), ["EG", "YE"])
        self.assertEqual(self._load(FILE, columns, *rows), files)
        rows[1][3] = "Egypt"
        result = self._call_as(self.officer, FILE, "load", columns, rows)
        self.assertIn("same as row 1", result["messages"][0]["message"])

    def test_another_paper_in_one_form(self):
        """R12, R44: another paper has one number, however it is written."""
        vals = {"identity_type": "other"}
        file = self._create(identity_number="un-1720", **vals)
        self.assertEqual(file.identity_number, "UN1720")
        self._create(identity_number="1000 000-016", **vals)
        for number in ("UN-1720", "UN 1720", "un\u20111720", "\u200fUn1720"):
            with (
                self.subTest(number=number),
                self.assertRaisesRegex(ValidationError, "already has the file"),
            ):
                self._create(identity_number=number, **vals)
        with self.assertRaisesRegex(ValidationError, "already has the file"):
            self._create(identity_type="national", identity_number="1000000016")
