from contextlib import suppress

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install")
class TestKnownNumbers(BeneficiaryCommon):
    """A number that another file has is named while it is typed (DESIGN, 9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.env["beneficiary.beneficiary"].create(
            {
                "name": "منى المثال",
                "company_id": cls.company.id,
                "identity_number": "1000000024",
                "phone": "0500000002",
            }
        )

    def _open(self, model, user=None, **context):
        records = self.env[model].with_user(user or self.officer)
        return Form(records.with_context(**context))

    def test_new_file(self):
        """R44: a telephone in any form, in either of the two fields; half of it says
        nothing."""
        form = self._open("beneficiary.beneficiary")
        form.name = "هند الجديدة"
        for name in ("phone", "phone2"):
            for typed in ("0500000001", "٠٥٠٠٠٠٠٠٠١", "+966 50 000 0001"):
                with self.subTest(name=name, typed=typed):
                    form[name] = typed
                    self.assertEqual(form.known_file_ids[:], self.file)
            form[name] = "05000"
            self.assertFalse(form.known_file_ids[:])
            form[name] = False

    def test_file_that_is_there(self):
        """A number of another file that is typed into an older file is named, too."""
        form = Form(self.second.with_user(self.officer))
        self.assertFalse(form.known_file_ids[:])
        form.phone = "0500000001"
        self.assertEqual(form.known_file_ids[:], self.file)
        form.phone = "0500000002"
        self.assertFalse(form.known_file_ids[:], "its own number")
        self.assertFalse(form.is_identity_taken)
        form.identity_number = "1000000008"
        self.assertTrue(form.is_identity_taken)
        self.assertEqual(form.same_identity_file_id, self.file)

    def test_quick_form(self):
        """R5: the number of a caller whose file was not chosen is known."""
        form = self._open("beneficiary.interaction")
        form.party_phone = "٠٥٠٠٠٠٠٠٠٢"
        self.assertEqual(form.known_file_ids[:], self.second)
        form.party_phone = "0500000009"
        self.assertFalse(form.known_file_ids[:])

    def test_request(self):
        """A person whose number another file has, too: which of them asks?"""
        form = self._open("beneficiary.request")
        form.beneficiary_id = self.file
        self.assertFalse(form.known_file_ids[:])
        self.second.phone2 = self.file.phone
        form.beneficiary_id = self.second
        self.assertEqual(form.known_file_ids[:], self.file)

    def test_dependant_and_representative(self):
        """A dependant or representative who has a file of their own."""
        for model, field in (
            ("beneficiary.household.member", "identity_number"),
            ("beneficiary.representative", "identity_number"),
            ("beneficiary.representative", "phone"),
        ):
            with self.subTest(model=model, field=field):
                form = self._open(model, default_beneficiary_id=self.file.id)
                form[field] = self.second[field]
                self.assertEqual(form.known_file_ids[:], self.second)

    def test_file_of_another_branch(self):
        """R6: a delegate is told that there is one, and not whose it is."""
        self.file.branch_id = self._make_branch(self.manager, "South")
        branch = self._make_branch(self.delegate)
        form = self._open(
            "beneficiary.beneficiary", self.delegate, default_branch_id=branch.id
        )
        form.phone = "0500000001"
        self.assertFalse(form.known_file_ids[:])
        self.assertTrue(form.is_known_elsewhere)

    def test_other_association_and_portal(self):
        """R43: another association's numbers, and who makes no files, learn nothing."""
        form = self._open(
            "beneficiary.beneficiary",
            self.outsider,
            allowed_company_ids=self.other.ids,
        )
        form.phone = "0500000001"
        self.assertFalse(form.known_file_ids[:])
        self.assertFalse(form.is_known_elsewhere)
        names = {"known_file_ids": {}, "is_known_elsewhere": {}}
        typed = {"phone": "0500000001", "company_id": self.company.id}
        for user in (self.applicant, self.stranger, self.auditor):
            with self.subTest(user=user.login), suppress(AccessError):
                answer = self._call_as(
                    user, "beneficiary.beneficiary", "onchange", [], typed, [], names
                )
                self.assertFalse(answer["value"].get("is_known_elsewhere"))
                self.assertFalse(answer["value"].get("known_file_ids"))

    def test_reading_asks_nothing(self):
        """A form that is only opened takes no query for it, at any number of files."""
        self.second.phone = self.file.phone
        self.assertFalse(self.second.known_file_ids)
        self.assertFalse(self.second.is_known_elsewhere)
