from odoo.tests import HttpCase, tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install", "with_demo")
class TestPortalTour(HttpCase, BeneficiaryCommon):
    """A beneficiary's whole request, in Arabic, on a phone (R26, R33, R44)."""

    browser_size = "375x667"
    touch_enabled = True

    def test_request_from_first_tap_to_reply(self):
        """R7, R16, R21: apply, upload, sign, wait, and read the decision."""
        self.applicant.lang = "ar_001"
        self.start_tour("/web/login?redirect=/my", "beneficiary_portal_send")
        request = self.env["beneficiary.request"].search([], limit=1)
        self.assertEqual(request.state, "submitted")
        self.assertEqual(request.amount_requested, 1500)
        self.assertEqual(request.channel_id, self._channel("website"))

        self._advance(request, "verified")
        self.start_tour(
            "/my/requests", "beneficiary_portal_sign", login=self.applicant.login
        )
        self.assertEqual(request.state, "declared")
        self.assertEqual(request.declaration_signed_by, self.file.name)
        self.assertTrue(request.declaration_signature)

        self._advance(request, "decided")
        self.start_tour(
            "/my/requests", "beneficiary_portal_wait", login=self.applicant.login
        )
        self._advance(request, "accepted")
        self.start_tour(
            "/my/requests", "beneficiary_portal_reply", login=self.applicant.login
        )
