import base64
from io import BytesIO

from PIL import Image

from odoo.tests import HttpCase, tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install", "with_demo", "beside_apps")
class TestPortalTour(HttpCase, BeneficiaryCommon):
    """A beneficiary's whole request, in Arabic, on a phone (R26, R33, R44)."""

    browser_size = "360x667"
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

    def test_request_in_english(self):
        """R33: the same in English, from the first tap to the signature."""
        self.applicant.lang = "en_US"
        self.start_tour("/web/login?redirect=/my", "beneficiary_portal_send_english")
        request = self.env["beneficiary.request"].search([], limit=1)
        self.assertEqual(request.state, "submitted")
        self._advance(request, "verified")
        self.start_tour(
            "/my/requests",
            "beneficiary_portal_sign_english",
            login=self.applicant.login,
        )
        self.assertEqual(request.state, "declared")

    def test_message_beside_its_button(self):
        """R33, R42: a refused withdrawal or appeal says so where one looks."""
        self.applicant.lang = "ar_001"
        for state, tour in (("submitted", "withdraw"), ("rejected", "appeal")):
            request = self._make_request(state)
            self.start_tour(
                f"/my/requests/{request.id}",
                f"beneficiary_portal_{tour}",
                login=self.applicant.login,
            )
        self.assertEqual(request.appeal_id.attachment_ids.mimetype, "image/png")

    def test_connection_lost(self):
        """R33, R44: lost in the middle of an upload and of a send, nothing that was
        entered is lost, and nothing is made twice."""
        self.applicant.lang = "ar_001"
        self.start_tour(
            "/my/requests/new", "beneficiary_portal_lost", login=self.applicant.login
        )
        request = self.env["beneficiary.request"].search(
            [("beneficiary_id", "=", self.file.id)]
        )
        self.assertEqual(len(request), 1)
        self.assertEqual(request.state, "submitted")
        self.assertEqual(request.description, "سلة غذائية")
        self.assertEqual(request.amount_requested, 500)
        self.assertEqual(self.file.document_ids.mapped("version"), [1])
        self.assertEqual(len(request.step_ids), 1)

    def test_photo_is_reduced(self):
        """R33: a large photo is made smaller before it is sent."""
        self.applicant.lang = "ar_001"
        request = self._make_request()
        self.start_tour(
            f"/my/requests/{request.id}/edit/papers",
            "beneficiary_portal_reduced",
            login=self.applicant.login,
        )
        paper = self.file.document_ids
        self.assertEqual(paper.file_name, "large.jpg")
        picture = Image.open(BytesIO(base64.b64decode(paper.file)))
        self.assertEqual(picture.size, (1920, 1280))
