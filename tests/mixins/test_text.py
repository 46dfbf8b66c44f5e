from odoo.exceptions import UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..common import BeneficiaryCommon

# A mark of each kind: direction, joiner, byte order, variation selector, soft hyphen,
# line separator, grapheme joiner, filler, control.
MARKS = "\u200f\u200d\ufeff\ufe0f\u00ad\u2028\u034f\u3164\x07"


@tagged("post_install", "-at_install")
class TestText(BeneficiaryCommon):
    """Names and numbers are stored without what nobody sees (R44)."""

    def _create(self, model, **vals):
        (record_id,) = self._call_as(self.officer, model, "create", [vals])
        return self.env[model].browse(record_id)

    def test_marks_on_every_model(self):
        """R44: marks leave every name and number, on all models, over RPC."""
        file = self._create(
            "beneficiary.beneficiary",
            name=f"{MARKS}سعيد{MARKS}المثال{MARKS}",
            kind="organisation",
            registration_number=f"{MARKS}٧٠٠{MARKS}",
            city=f"الرياض{MARKS}",
        )
        self.assertEqual(file.name, "سعيد المثال")
        self.assertEqual((file.registration_number, file.city), ("700", "الرياض"))
        for model, vals, name in (
            ("beneficiary.household.member", {}, "name"),
            ("beneficiary.representative", {}, "name"),
            ("beneficiary.document", {"type_id": self.identity_type.id}, "number"),
            (
                "beneficiary.interaction",
                {
                    "channel_id": self._channel("letter").id,
                    "subject": "رسالة",
                    "direction": "in",
                    "letter_date": "2026-01-04",
                },
                "letter_number",
            ),
        ):
            with self.subTest(model=model):
                vals = {"beneficiary_id": self.file.id, **vals}
                if name == "name":
                    record = self._create(model, name=f"نورة{MARKS}", **vals)
                    self.assertEqual(record.name, "نورة")
                else:
                    vals[name] = f"{MARKS}١٢/٤{MARKS}"
                    record = self._create(model, **vals)
                    self.assertEqual(record[name], "12/4")
                record.with_user(self.officer).write({name: f"٩{MARKS}"})
                self.assertEqual(record[name], "٩" if name == "name" else "9")

    def test_blank_names(self):
        """R44: a name of spaces or marks alone is refused in a sentence."""
        for text in (
            MARKS,
            "   ",
            "\u200f\u200e",
            "\ufe0f",
            "\u2800",
            "\u064e",  # a diacritic
            "\u0640 \u0640\u0651",  # tatweels
        ):
            for model, vals in (
                ("beneficiary.beneficiary", {}),
                ("beneficiary.household.member", {"beneficiary_id": self.file.id}),
                ("beneficiary.representative", {"beneficiary_id": self.file.id}),
            ):
                with (
                    self.subTest(text=text, model=model),
                    self.assertRaisesRegex(ValidationError, "invisible characters"),
                ):
                    self._create(model, name=text, **vals)
            with self.assertRaisesRegex(ValidationError, "invisible characters"):
                self.file.with_user(self.officer).name = text

    def test_blank_words(self):
        """R13, R44: marks alone are no reason, no source and no description."""
        request = self._make_request()
        paper = self._make_document(self.file, self.identity_type)
        self.file._write_flow({"state": "active"})
        unused = self._create("beneficiary.beneficiary", name="مثال")
        for text in ("\u200f", "\u2800\n", "\u0640", "\u064e", MARKS):
            for record, method, values, message in (
                (self.file, "action_suspend", {"reason": text}, "Write the reason"),
                (
                    self.file,
                    "action_record_death",
                    {"death_date": "2026-01-01", "reason": text},
                    "Write the reason",
                ),
                (request, "action_cancel", {"reason": text}, "Write the reason"),
                (paper, "action_match", {"source": text}, "compared the paper"),
            ):
                with (
                    self.subTest(text=text, method=method),
                    self.assertRaisesRegex(UserError, message),
                ):
                    records = record.with_user(self.officer)
                    call_kw(records, method, [record.ids], values)
            with (
                self.subTest(text=text, method="archive"),
                self.assertRaisesRegex(ValidationError, "why this is archived"),
            ):
                files = unused.with_user(self.manager)
                call_kw(files, "action_archive_because", [files.ids, text], {})
            request.with_user(self.officer).description = text
            self.assertFalse(request.description)
        self.assertFalse(self.file.death_date or paper.matched_on)

    def test_blank_name_of_visitor_and_signer(self):
        """R5, R16: marks alone are no visitor's name and no signer's name."""
        with self.assertRaisesRegex(ValidationError, "write the person's name"):
            self._create(
                "beneficiary.interaction",
                channel_id=self._channel("phone").id,
                subject="مكالمة",
                party_name="\u200f\u200e",
            )

    def test_persian_name_keeps_its_spelling(self):
        """R44: a non-joiner inside a name stays, and search does not need it."""
        file = self._create("beneficiary.beneficiary", name="\u200cعلی\u200cرضا\u200c")
        self.assertEqual(file.name, "علی\u200cرضا")
        self.assertIn("عليرضا", file.search_key)

    def test_no_email(self):
        """R44: a word for "none" is no e-mail address, on every door."""
        for text in ("لا يوجد", "لايوجد", "-", "none", ".", "N/A", "@"):
            for model, name, vals in (
                ("beneficiary.beneficiary", "email", {"name": "مثال"}),
                (
                    "beneficiary.interaction",
                    "party_email",
                    {
                        "party_name": "مثال",
                        "subject": "سؤال",
                        "channel_id": self._channel("phone").id,
                    },
                ),
            ):
                with (
                    self.subTest(text=text, model=model),
                    self.assertRaisesRegex(ValidationError, "not an e-mail"),
                ):
                    self._create(model, **vals, **{name: text})

    def test_telephone(self):
        """R44: letters are refused, an extension and a second number are kept."""
        for text in ("1-800-FLOWERS", "05000ABCDE", "966 50 CALL ME", "011234567/8"):
            with (
                self.subTest(text=text),
                self.assertRaisesRegex(ValidationError, "not a telephone number"),
            ):
                self.file.phone = text
        for text in (
            "0112345678 ext. 12",
            "011 234 5678 تحويلة ١٢",
            "+966112345678;ext=12",
            "0112345678 x12",
        ):
            self.file.phone = text
            self.assertEqual(self.file.phone, "+966112345678;ext=12")
        self.file.phone2 = "٠٥٠٠٠٠٠٠٠٢"
        found = self.env["beneficiary.beneficiary"].name_search("0500000002")
        self.assertIn(self.file.id, [file_id for file_id, _name in found])

    def test_two_telephones(self):
        """R44: two numbers in one field are refused; the sentence names the other."""
        for text in (
            "0500000001 / 0500000002",
            "٠٥٠٠٠٠٠٠٠١-٠٥٠٠٠٠٠٠٠٢",
            "0500000001 0500000002",
            "0500000001 أو 0500000002",
            "0500000001،0500000002",
            "0500000001\n0500000002",
        ):
            with (
                self.subTest(text=text),
                self.assertRaisesRegex(ValidationError, "Other Telephone"),
            ):
                self.file.phone = text
