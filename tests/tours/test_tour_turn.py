from odoo.tests import HttpCase, tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install", "without_demo", "beside_apps")
class TestTurnTour(HttpCase, BeneficiaryCommon):
    """Whose turn it is, and what was said, on a phone, in Arabic (R20, R26)."""

    browser_size = "360x667"
    touch_enabled = True

    def test_completed(self):
        """R21: the list, the page, “I have completed it”, and the list again."""
        self.applicant.lang = "ar_001"
        request = self._make_request("in_review")
        request.with_user(self.chair).action_return(reason="أحضروا عقد الإيجار")
        self.start_tour(
            "/my/requests", "beneficiary_portal_complete", login=self.applicant.login
        )
        self.assertTrue(request.completed_on)
        self.assertFalse(request.is_paused)

    def test_sent_what_was_asked(self):
        """R21: the last paper that was asked for completes the request by itself."""
        self.applicant.lang = "ar_001"
        request = self._make_request("in_review")
        request.with_user(self.chair).action_return(reason="أحضروا صورة أوضح")
        self.start_tour(
            request.access_url,
            "beneficiary_portal_send_asked",
            login=self.applicant.login,
        )
        self.assertTrue(request.completed_on)
        self.assertFalse(request.is_paused)

    def test_withdraw(self):
        """R20: the page offers no way to edit or to delete what was said."""
        self.applicant.lang = "ar_001"
        request = self._make_request("in_review")
        message = request.with_user(self.applicant).message_post(body="دخلي ألفان")
        self.start_tour(
            request.access_url,
            "beneficiary_portal_withdraw_message",
            login=self.applicant.login,
        )
        self.assertTrue(message.sudo().withdrawn_on)
        self.assertIn("دخلي ألفان", message.sudo().body)
