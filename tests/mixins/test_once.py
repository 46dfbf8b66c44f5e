from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..common import PIXEL, BeneficiaryCommon


@tagged("post_install", "-at_install")
class TestOnce(BeneficiaryCommon):
    """The same call that arrives twice makes one record (R44)."""

    def _create(self, model, vals, user=None):
        return self._call_as(user or self.officer, model, "create", [vals])

    def _get_values(self):
        asked = {
            "beneficiary_id": self.file.id,
            "channel_id": self._channel("phone").id,
        }
        registered = self._make_request("registered")
        return {
            "beneficiary.beneficiary": {
                "name": "نورة المثال",
                "identity_number": "1000000016",
            },
            "beneficiary.household.member": {
                "beneficiary_id": self.file.id,
                "name": "نورة المثال",
                "identity_number": "1000000016",
            },
            "beneficiary.request": {**asked, "service_id": self.service.id},
            "beneficiary.interaction": {**asked, "subject": "مكالمة"},
            "beneficiary.delivery": {
                "request_id": registered.id,
                "goods": "سلة غذائية",
                "planned_date": self.company._get_beneficiary_today(),
                "place": "المكتب",
            },
            "beneficiary.document": {
                "beneficiary_id": self.file.id,
                "type_id": self.identity_type.id,
                "file": PIXEL,
            },
            "beneficiary.representative": {
                "beneficiary_id": self.file.id,
                "name": "ماجد المثال",
                "identity_number": "1000000024",
            },
        }

    def test_call_with_a_key(self):
        """R44: ``create`` with a key that was sent before returns that record."""
        for model, vals in self._get_values().items():
            with self.subTest(model=model):
                keyed = {**vals, "submission_key": "call-1"}
                first = self._create(model, keyed)
                self.assertEqual(self._create(model, keyed), first)
                record = self.env[model].browse(first)
                self.assertEqual(record.create_uid, self.officer)

    def test_quick_form(self):
        """R44: the quick form of the desk that is saved twice logs one contact."""
        model = "beneficiary.interaction"
        defaults = ["submission_key", "channel_id"]
        vals = {
            **self._call_as(self.officer, model, "default_get", defaults),
            **self._get_values()[model],
        }
        self.assertTrue(vals["submission_key"])
        saved = [
            self._call_as(self.officer, model, "web_save", [], vals, {"subject": {}})
            for _time in range(2)
        ]
        self.assertEqual(*saved)
        another = self._call_as(self.officer, model, "default_get", defaults)
        self.assertNotEqual(another["submission_key"], vals["submission_key"])
        self.env.invalidate_all()
        contact = self.env[model].browse(saved[0][0]["id"])
        self.assertNotEqual(contact.submission_key, vals["submission_key"])

    def test_another_key(self):
        """R44: another key, and no key, make another record."""
        vals = self._get_values()["beneficiary.request"]
        ids = [
            *self._create("beneficiary.request", {**vals, "submission_key": "a"}),
            *self._create("beneficiary.request", {**vals, "submission_key": "b"}),
            *self._create("beneficiary.request", vals),
            *self._create("beneficiary.request", vals),
        ]
        self.assertEqual(len(set(ids)), 4)

    def test_keys_of_one_batch(self):
        """R44: in one call too, a key makes one record; the order stays."""
        vals = self._get_values()["beneficiary.interaction"]
        ids = self._call_as(
            self.officer,
            "beneficiary.interaction",
            "create",
            [
                {**vals, "submission_key": "a"},
                {**vals, "submission_key": "b"},
                {**vals, "submission_key": "a"},
                vals,
            ],
        )
        self.assertEqual(ids[0], ids[2])
        self.assertEqual(len(set(ids)), 3)

    def test_key_of_somebody_else(self):
        """R43: somebody else's key opens nothing and hides nothing."""
        vals = self._get_values()["beneficiary.request"]
        keyed = {**vals, "submission_key": "call-1"}
        first = self._create("beneficiary.request", keyed)
        own = self._create("beneficiary.request", keyed, self.manager)
        self.assertNotEqual(own, first)
        for user in (self.applicant, self.auditor):
            with self.assertRaises(AccessError):
                self._create("beneficiary.request", keyed, user)

    def test_key_is_not_readable(self):
        """R43: nobody reads, searches or changes keys."""
        for user in (self.officer, self.manager, self.applicant):
            with self.assertRaises(AccessError):
                self._call_as(user, "beneficiary.submission", "search_read", [])
        for key in ("x" * 65, 5, ["a"]):
            with self.assertRaises(ValidationError):
                self._create(
                    "beneficiary.beneficiary", {"name": "مثال", "submission_key": key}
                )

    def test_deleted_record(self):
        """R44: after its record was deleted, a key makes a new one."""
        vals = {"beneficiary_id": self.file.id, "name": "نورة", "submission_key": "a"}
        first = self._create("beneficiary.household.member", vals)
        self.env["beneficiary.household.member"].browse(first).unlink()
        again = self._create("beneficiary.household.member", vals)
        self.assertTrue(self.env["beneficiary.household.member"].browse(again).exists())
        self.assertEqual(self._create("beneficiary.household.member", vals), again)
