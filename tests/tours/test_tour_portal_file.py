from odoo.tests import HttpCase, tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install", "with_demo", "beside_apps")
class TestPortalFileTour(HttpCase, BeneficiaryCommon):
    """Home, file, family, papers, services, help and policy, on a phone (R26, R51)."""

    browser_size = "360x640"
    touch_enabled = True

    def _walk(self, lang):
        self.applicant.lang = lang
        self._make_document(
            self.file, self.identity_type, issue_date=False, expiry_date="2020-03-15"
        )
        self.start_tour("/my", "beneficiary_portal_file", login=self.applicant.login)
        changes = self.env["beneficiary.change"].search(
            [("beneficiary_id", "=", self.file.id)]
        )
        self.assertEqual(changes.mapped("state"), ["withdrawn", "proposed"])
        self.assertFalse(self.file.city)
        self.assertFalse(self.file.household_member_ids)

    def test_in_arabic(self):
        """R33: all pages of the file fit a small phone, in Arabic."""
        self._walk("ar_001")

    def test_in_english(self):
        """R33: the same in English."""
        self._walk("en_US")
