from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from ..common import BeneficiaryCommon

BORN = date(2000, 4, 6)
BORN_HIJRI = "1421-01-01"


@tagged("post_install", "-at_install")
class TestBirthDate(BeneficiaryCommon):
    """R38: a birth date is entered in either calendar, and both agree."""

    def _create(self, **vals):
        files = self.env["beneficiary.beneficiary"].with_user(self.officer)
        return files.browse(call_kw(files, "create", [{"name": "Example", **vals}], {}))

    def test_either_calendar(self):
        """R38, R44: either date is accepted over RPC, in digits of any script."""
        for vals in (
            {"birth_date": "2000-04-06"},
            {"birth_date_hijri": BORN_HIJRI},
            {"birth_date_hijri": "١٤٢١/١/١"},
            {"birth_date": "2000-04-06", "birth_date_hijri": BORN_HIJRI},
            {"birth_date": "2000-04-06", "birth_date_hijri": False},
        ):
            with self.subTest(**vals):
                file = self._create(**vals)
                self.assertEqual(file.birth_date, BORN)
                self.assertEqual(file.birth_date_hijri, BORN_HIJRI)

    def test_they_must_agree(self):
        """R38: two different days are refused, and the message has the right one."""
        with self.assertRaisesRegex(ValidationError, "2000-04-06, not 2000-04-07"):
            self._create(birth_date="2000-04-07", birth_date_hijri=BORN_HIJRI)
        for wrong in ("1421-13-01", "yesterday", "0001-01-01"):
            with (
                self.subTest(wrong),
                self.assertRaisesRegex(ValidationError, "calendar|not a date|possible"),
            ):
                self._create(birth_date_hijri=wrong)

    def test_written_later(self):
        """R38: writing one replaces the other; emptying one empties both."""
        file = self._create(birth_date="1990-01-01")
        file.birth_date_hijri = BORN_HIJRI
        self.assertEqual(file.birth_date, BORN)
        file.birth_date = "1990-01-01"
        self.assertEqual(file.birth_date_hijri, "1410-06-04")
        file.birth_date_hijri = False
        self.assertFalse(file.birth_date)

    def test_in_the_form(self):
        """R38: typing a date of one calendar updates the other one in the form."""
        with Form(self.file.with_user(self.officer)) as form:
            form.birth_date_hijri = "١٤٢١-٠١-٠١"
            self.assertEqual(form.birth_date, BORN)
            self.assertEqual(form.birth_date_hijri, BORN_HIJRI)
            form.birth_date = "1990-01-01"
            self.assertEqual(form.birth_date_hijri, "1410-06-04")
        self.assertEqual(self.file.birth_date, date(1990, 1, 1))

    def test_import(self):
        """R38: an import names the row with two different days."""
        files = self.env["beneficiary.beneficiary"].with_user(self.officer)
        header = ["name", "birth_date", "birth_date_hijri"]
        rows = [["One", "", BORN_HIJRI], ["Two", "2000-04-07", BORN_HIJRI]]
        result = call_kw(files, "load", [header, rows], {})
        self.assertFalse(result["ids"])
        refusals = {m["record"]: m["message"] for m in result["messages"]}
        self.assertIn("not the same day", refusals[1])
        result = call_kw(files, "load", [header, rows[:1]], {})
        self.assertEqual(files.browse(result["ids"]).birth_date, BORN)

    def test_before_the_table(self):
        """R38: a birth date before the table begins has only a Gregorian form."""
        self.assertFalse(self._create(birth_date="1920-01-01").birth_date_hijri)


@tagged("post_install", "-at_install")
class TestKnownIdentity(BeneficiaryCommon):
    """People: one person has one file in an association; a second one is refused."""

    NUMBER = "1000000008"

    def _create(self, user, **vals):
        files = self.env["beneficiary.beneficiary"].with_user(user)
        files = files.with_context(allowed_company_ids=user.company_ids.ids)
        vals = {"name": "Example", "identity_number": self.NUMBER, **vals}
        return files.browse(call_kw(files, "create", [vals], {}))

    def test_who_reads_it_is_told_which(self):
        """People: the message names the existing file to a user who may read it."""
        with self.assertRaises(ValidationError) as refused:
            self._create(self.officer, identity_number="١٠٠٠٠٠٠٠٠٨")
        self.assertIn(self.file.display_name, str(refused.exception))
        other = self._create(self.officer, identity_number="1000000016")
        with self.assertRaisesRegex(ValidationError, "already has the file"):
            other.identity_number = self.NUMBER
        self.file.active = False
        with self.assertRaisesRegex(ValidationError, "already has the file"):
            self._create(self.officer)

    def test_who_does_not_is_told_whom_to_ask(self):
        """People: a delegate learns that there is a file, but not which one."""
        branch = self._make_branch(self.delegate)
        with self.assertRaises(ValidationError) as refused:
            self._create(self.delegate, branch_id=branch.id)
        message = str(refused.exception)
        self.assertIn("Ask the manager", message)
        self.assertNotIn(self.file.name, message)
        self.assertNotIn(self.file.file_number, message)

    def test_nothing_of_another_association(self):
        """R43: no message tells whether another association has the person."""
        self.assertTrue(self._create(self.outsider))
        known = self.file.company_id.id
        made, written = set(), set()
        for number in (self.NUMBER, "1000000024"):
            with self.assertRaises(AccessError) as refused:
                self._create(self.outsider, identity_number=number, company_id=known)
            made.add(str(refused.exception))
            mine = self._create(self.outsider, identity_number="1000000032")
            with self.assertRaises(AccessError) as refused:
                mine.write({"identity_number": number, "company_id": known})
            written.add(str(refused.exception))
            mine.sudo().unlink()
        self.assertEqual((len(made), len(written)), (1, 1))

    def test_type_and_number_agree(self):
        """R12: the type sets the first digit, and numbers are stored in one form."""
        file = self._create(
            self.officer, identity_type="other", identity_number=" 1000 000016 "
        )
        self.assertEqual(file.identity_number, "1000000016")
        with self.assertRaises(ValidationError):
            file.identity_type = "border"
        file.write({"identity_type": "national", "identity_number": "1000 000016"})
        self.assertEqual(file.identity_number, "1000000016")
        with self.assertRaisesRegex(ValidationError, "begins with 1"):
            file.identity_type = "iqama"

    def test_registration_number(self):
        """R44: the number of an organisation is stored in one script."""
        file = self._create(
            self.officer,
            kind="organisation",
            identity_number=False,
            registration_number=" ١٠٢٠ ",
        )
        self.assertEqual(file.registration_number, "1020")
