from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import ReferralCase


@tagged("post_install", "-at_install")
class TestReferralCorrection(ReferralCase):
    """A referral that was answered by mistake is taken up again (R15)."""

    def setUp(self):
        super().setUp()
        self.request = self._make_request("verified")

    def _reopen(self, referral, user, reason="The wrong paper was named"):
        records = referral.with_user(user)
        return call_kw(records, "action_reopen", [records.ids, reason], {})

    def _get_steps(self):
        return self.request._get_steps("refer")

    def test_answered_by_mistake(self):
        """R15: the answer is void with its reason, kept, and given anew."""
        for kind in ("clarification", "case_study"):
            with self.subTest(kind=kind):
                referral = self._reach(kind, "answered")
                self.assertTrue(self._get_steps())
                self._reopen(referral, self.researcher)
                self.assertEqual(referral.state, "accepted")
                self.assertFalse(referral.answered_on)
                self.assertFalse(self._get_steps())
                voided = self.request.step_ids.filtered("voided_on")
                self.assertIn("The wrong paper was named", voided.mapped("void_reason"))
                notes = "".join(referral.message_ids.mapped("body"))
                self.assertIn(referral._get_evidence(), notes)
                referral.with_user(self.researcher).action_answer("The family register")
                self.assertEqual(referral.state, "answered")
                self.assertTrue(self._get_steps())
                self.request.step_ids._void("Next", keep=())

    def test_who_may(self):
        """R15: the researcher and managers do, with a reason, and nobody else."""
        referral = self._reach("clarification", "answered")
        for user in (self.officer, self.delegate, self.other_researcher, self.auditor):
            with self.assertRaises(AccessError):
                self._reopen(referral, user)
        with self.assertRaisesRegex(UserError, "Write the reason"):
            self._reopen(referral, self.manager, " ")
        self._reopen(referral, self.manager)
        self.assertEqual(referral.state, "accepted")

    def test_not_after_the_committee(self):
        """R15, R18: what the committee has is corrected by another referral."""
        self.request = self._make_request("in_review")
        referral = self._reach("clarification", "answered")
        with self.assertRaisesRegex(UserError, "Send another referral"):
            self._reopen(referral, self.manager)
