from odoo.tests import HttpCase, tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install", "with_demo")
class TestFrontDeskTour(HttpCase, BeneficiaryCommon):
    """The officer's day in Arabic: from a telephone call to a signed declaration."""

    def _tour(self, name, path, user):
        user.lang = "ar_001"
        self.start_tour(f"/odoo/{path}", name, login=user.login)
        self.env.invalidate_all()

    def test_from_a_call_to_a_signature(self):
        """R5, R7, R11-R16, R44: all steps before the committee work on the screen."""
        paper = self._make_document(self.file, self.identity_type)
        self._tour("beneficiary_front_desk_call", "beneficiary-requests", self.officer)
        request = self.file.request_ids
        self.assertEqual(request.state, "verified")
        self.assertEqual(request.interaction_ids.outcome, "شُرحت له الشروط")
        self.assertEqual(paper.source, "الأصل")
        self._tour(
            "beneficiary_front_desk_answer", "beneficiary-referrals", self.researcher
        )
        self.assertEqual(request.referral_ids.answer, "يكفي تعريف بالراتب")
        self.assertTrue(request._get_steps("refer"))
        self._tour("beneficiary_front_desk_sign", "beneficiary-requests", self.officer)
        self.assertEqual(request.state, "declared")
        self.assertEqual(request.declaration_signed_by, self.file.name)
        self.assertTrue(request.declaration_signature)
