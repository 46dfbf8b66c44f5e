from odoo.tests import Form, tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install")
class TestRequestReturn(BeneficiaryCommon):
    """R12: what is known to be missing need not be typed."""

    def _open(self, request, move, user=None):
        return Form(
            self.env["beneficiary.request.move"]
            .with_user(user or self.officer)
            .with_context(default_request_id=request.id, default_move=move)
        )

    def test_return_says_what_is_missing(self):
        """R12: the words to the applicant begin with it, in their language."""
        request = self._make_request("submitted")
        form = self._open(request, "return")
        paper = self.identity_type.with_context(lang="ar_001").name
        self.assertIn(paper, form.reason)
        form.save().action_confirm()
        self.assertEqual(request.state, "draft")
        self.assertIn(paper, request.note_to_applicant)

    def test_nothing_is_missing(self):
        """R12: other steps, and a complete request, begin with no words."""
        request = self._make_request("verified")
        for move in ("return", "cancel"):
            with self.subTest(move=move):
                self.assertFalse(self._open(request, move).reason)

    def test_committee_and_strangers(self):
        """R43: a form for a request that one may not read tells nothing."""
        request = self._make_request("submitted")
        with self.assertRaises(Exception) as caught:
            self._open(request, "return", self.outsider)
        paper = self.identity_type.with_context(lang="ar_001").name
        self.assertNotIn(paper, str(caught.exception))
