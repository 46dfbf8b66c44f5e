from odoo.exceptions import ValidationError
from odoo.service.model import call_kw
from odoo.tests import BaseCase, tagged

from ...rules import identity
from ..common import BeneficiaryCommon

GOOD = {
    "salem@example.com": "salem@example.com",
    "  Salem@Example.COM ": "salem@example.com",
    "\N{RIGHT-TO-LEFT MARK}salem@example.com\N{ZERO WIDTH SPACE}": "salem@example.com",
    "salem٥@example.com": "salem٥@example.com",
    "s.a+b@mail.example.co": "s.a+b@mail.example.co",
    "سالم@مثال.السعودية": "سالم@مثال.السعودية",
}
BAD = (
    "لا يوجد",
    "-",
    "n/a",
    "salem",
    "salem@example",
    "salem@",
    "@example.com",
    "a@example.com, b@example.com",
    "a@example.com;b@example.com",
    "Salem <salem@example.com>",
    "salem@@example.com",
    "salem salem@example.com",
    "a" * 250 + "@example.com",
)
BLANK = ("", "  ", "\N{RIGHT-TO-LEFT MARK}")


class TestEmailRule(BaseCase):
    """R44: the rule accepts one address and returns its normalised form."""

    def test_good(self):
        """R44: blanks and invisible marks are removed, digits of any script stay."""
        for typed, stored in GOOD.items():
            with self.subTest(typed=typed):
                self.assertEqual(identity.email(typed), stored)
                self.assertEqual(identity.email(stored), stored)

    def test_bad(self):
        """R44: text that is no address, or several addresses, is refused."""
        for typed in (*BAD, *BLANK):
            with self.subTest(typed=typed), self.assertRaises(identity.IdentityError):
                identity.email(typed)


@tagged("post_install", "-at_install")
class TestEmail(BeneficiaryCommon):
    """R44: e-mail addresses of files and of visitors, by form, import and RPC."""

    def _write(self, record, name, value):
        records = record.with_user(self.officer)
        call_kw(records, "write", [record.ids, {name: value}], {})
        return record[name]

    def _get_places(self):
        interaction = self.env["beneficiary.interaction"].create(
            {
                "subject": "A call",
                "outcome": "Asked",
                "channel_id": self._channel("phone").id,
                "party_name": "زائر المثال",
                "officer_id": self.officer.id,
            }
        )
        return ((self.file, "email"), (interaction, "party_email"))

    def test_write(self):
        """R44: an address is normalised; the error for a bad one says what to do."""
        for record, name in self._get_places():
            for typed, stored in GOOD.items():
                with self.subTest(model=record._name, typed=typed):
                    self.assertEqual(self._write(record, name, typed), stored)
            for typed in BAD:
                with (
                    self.subTest(model=record._name, typed=typed),
                    self.assertRaisesRegex(ValidationError, "leave the field empty"),
                ):
                    self._write(record, name, typed)

    def test_other_types(self):
        """A value that is not text is refused with an ordinary error message."""
        for typed in (5, True, ["a@example.com"]):
            with self.subTest(typed=typed), self.assertRaises(ValidationError):
                self._write(self.file, "email", typed)

    def test_blank(self):
        """R44: blanks only count as an empty field, and are no error."""
        for typed in BLANK:
            with self.subTest(typed=typed):
                self.assertFalse(self._write(self.file, "email", typed))

    def test_create_and_import(self):
        """R44: new files and imported ones meet the same rule."""
        files = self.env["beneficiary.beneficiary"].with_user(self.officer)
        vals = {"name": "Example", "identity_number": "1000000016"}
        with self.assertRaisesRegex(ValidationError, "leave the field empty"):
            call_kw(files, "create", [{**vals, "email": "لا يوجد"}], {})
        columns = ["name", "identity_number", "email"]
        rows = [
            ["Example", "1000000016", "-"],
            ["Other", "1000000024", "A@Example.com"],
        ]
        answer = call_kw(files, "load", [columns, rows], {})
        self.assertFalse(answer["ids"])
        (message,) = answer["messages"]
        self.assertEqual(message["record"], 0)
        self.assertIn("leave the field empty", message["message"])
        answer = call_kw(files, "load", [columns, rows[1:]], {})
        self.assertEqual(files.browse(answer["ids"]).email, "a@example.com")
