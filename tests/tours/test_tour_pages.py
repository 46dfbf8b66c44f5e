from odoo.tests import HttpCase, tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install", "with_demo")
class TestPagesTour(HttpCase, BeneficiaryCommon):
    """A page of a form is read when it is opened, and nothing is lost by that."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance = cls._make_user("br_finance", "officer", cls.company)
        cls.finance.group_ids += cls._get_group("finance")
        cls.finance.lang = "ar_001"

    def test_file(self):
        """R44: pages of a file are opened, written on, saved and discarded."""
        self._make_document(self.file, self.identity_type)
        self.file.notes = "<p>Before</p>"
        path = f"/odoo/beneficiary-files/{self.file.id}"
        self.start_tour(path, "beneficiary_pages", login="br_finance")
        self.file.invalidate_recordset()
        self.assertEqual(self.file.bank_account_holder, "سالم المثال")
        self.assertIn("Before", str(self.file.notes))
        self.start_tour(path, "beneficiary_pages_onchange", login="br_finance")
        self.file.invalidate_recordset()
        self.assertEqual(self.file.phone[-9:], "500000077")
        self.assertEqual(self.file.bank_account_holder, "سالم المثال")

    def test_request(self):
        """R44: from one request to the next, and to a new one, on a late page."""
        for _number in range(2):
            self._make_request()
        self.start_tour(
            "/odoo/beneficiary-requests",
            "beneficiary_pages_request",
            login="br_finance",
        )
