from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import BeneficiaryCommon

EMPTY = (".", "x", "xxx", "٤٤", "ok", " . \u200f")


@tagged("post_install", "-at_install")
class TestTypedEvidence(BeneficiaryCommon):
    """R10, R20: what is typed as proof or reason says something, at every door."""

    def setUp(self):
        super().setUp()
        for user in (self.officer, self.manager, self.chair, self.researcher):
            user.lang = "en_US"  # the tests compare messages

    def assertRefused(self, sentence, call, **given):
        [name] = [name for name, value in given.items() if value is ...]
        for text in EMPTY:
            with (
                self.subTest(text=text),
                self.assertRaisesRegex(UserError, sentence),
                self.env.cr.savepoint(),
            ):
                call(**{**given, name: text})

    def test_steps(self):
        """R10, R11: no step on a full stop, no reception in no time."""
        request = self._make_request().with_user(self.officer)
        done = "Write what was done in this step"
        self.assertRefused(done, request.action_submit, evidence=..., minutes=5)
        with self.assertRaisesRegex(UserError, "how many minutes"):
            request.action_submit(evidence="Answered at the desk")
        with self.assertRaisesRegex(UserError, "how many minutes"):
            request.action_submit(evidence="Answered at the desk", minutes=0)
        request.action_submit(evidence="أُجيب عن أسئلته", minutes=5)
        self._advance(request, "declared")
        self.assertRefused(
            "Write what the applicant was told",
            request.action_notify,
            channel_id=self._channel("phone").id,
            text=...,
        )
        self.assertRefused("Write the reason", request.action_return, reason=...)
        self.assertRefused("Write the reason", request.action_cancel, reason=...)
        self._advance(request, "decided")
        chair = request.with_user(self.chair)
        self.assertRefused("Write why the reply", chair.action_release, reason=...)
        self._advance(request, "accepted")
        self.assertRefused(done, request.action_register, evidence=...)

    def test_rejection(self):
        """R23: the reason that the applicant reads is a reason."""
        request = self._make_request("in_review")
        decision = request.decision_ids.with_user(self.chair)
        self.assertRefused(
            "reason of your vote", decision.action_vote, choice="reject", reason=...
        )

    def test_answers(self):
        """R15, R27, R31: a referral, a complaint, an improvement, matched papers."""
        request = self._make_request("submitted")
        referrals = self.env["beneficiary.referral"].with_user(self.officer)
        referral = referrals._send(request, self.researcher, "Which paper is meant?")
        referral = referral.with_user(self.researcher)
        self.assertRefused("Write the answer", referral.action_answer, answer=...)
        paper = self._make_document(self.file, self.identity_type)
        paper = paper.with_user(self.officer)
        self.assertRefused("compared the paper with", paper.action_match, source=...)
        improvement = self.env["beneficiary.improvement"].create(
            {
                "name": "Shorter queues",
                "company_id": self.company.id,
                "owner_id": self.officer.id,
                "due_on": "2030-01-01",
                "outcome": ".",
            }
        )
        with self.assertRaisesRegex(UserError, "Write the outcome"):
            improvement.with_user(self.manager).action_done()
