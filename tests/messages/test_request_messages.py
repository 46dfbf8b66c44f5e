from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install")
class TestRequestMessages(BeneficiaryCommon):
    def _visible_to_applicant(self, message):
        return bool(
            self.env["mail.message"]
            .with_user(self.applicant)
            .search_count([("id", "=", message.id)])
        )

    def test_officer_answers_applicant(self):
        """R26: an officer's comment reaches the applicant, who can answer it."""
        request = self._make_request("submitted")
        answer = request.with_user(self.officer).message_post(
            body="Please bring the original", subtype_xmlid="mail.mt_comment"
        )
        self.assertTrue(self._visible_to_applicant(answer))
        reply = request.with_user(self.applicant).message_post(
            body="I will", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(reply.author_id, self.applicant.partner_id)

    def test_moves_leave_internal_notes(self):
        """R21: the applicant cannot read the notes of moves."""
        request = self._make_request("decided")
        for message in request.message_ids:
            self.assertFalse(self._visible_to_applicant(message), message.body)

    def test_plans_cannot_be_searched(self):
        """R21: searching activities would tell "decided" from "in review"."""
        self._make_request("in_review")
        requests = self.env["beneficiary.request"].with_user(self.applicant)
        for domain in (
            [("activity_state", "!=", False)],
            [("my_activity_date_deadline", "!=", False)],
            [("has_message", "=", True)],
        ):
            with self.assertRaises(AccessError):
                requests.search_count(domain)
