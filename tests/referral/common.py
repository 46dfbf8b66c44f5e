"""Shared parts of the referral tests."""

from ..common import BeneficiaryCommon

# Sunday 2026-03-15, 10:00 in Riyadh. Five working days later is the next Sunday.
SENT = "2026-03-15 07:00:00"


class ReferralCase(BeneficiaryCommon):
    """One request, and a user for each role that the referral tests try."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_researcher = cls._make_user("br_second", "researcher", cls.company)
        cls.outside_researcher = cls._make_user("br_far", "researcher", cls.other)
        cls.other_officer = cls._make_user("br_officer2", "officer", cls.company)
        cls.other_delegate = cls._make_user("br_delegate2", "delegate", cls.company)
        cls.superuser = cls.env["res.users"].browse(1)
        cls.branch = cls._make_branch(cls.delegate)
        cls.file.branch_id = cls.branch
        cls.request = cls._make_request(cls(), "in_review")

    def _as(self, actor, records):
        user = getattr(self, actor)
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_id.ids
            if actor in ("outsider", "outside_researcher", "superuser")
            else self.company.ids
        )

    def _send(self, kind="clarification", **kwargs):
        """Send a referral as the officer, and return it as superuser."""
        referral = (
            self.env["beneficiary.referral"]
            .with_user(self.officer)
            ._send(
                self.request.with_user(self.officer),
                self.researcher,
                "Which paper is meant?",
                kind,
                **kwargs,
            )
        )
        return referral.with_user(self.env.user).sudo()

    def _reach(self, kind, state):
        """Return a referral of ``kind`` that its own moves took to ``state``."""
        referral = self._send(kind)
        as_researcher = referral.with_user(self.researcher)
        if state in ("accepted", "answered"):
            as_researcher.action_accept()
            self._write_study(referral)
        if state == "answered":
            as_researcher.action_answer("The identity card.")
        elif state == "declined":
            as_researcher.action_decline("Not mine to answer")
        elif state == "revoked":
            referral.with_user(self.officer).action_revoke("Asked by mistake")
        return referral

    def _write_study(self, referral):
        """Fill in every required part of a case study, as its researcher."""
        if referral.kind != "case_study":
            return
        referral = referral.with_user(self.researcher)
        referral.finding_ids.text = "As it was found"
        referral.write(
            {
                "visited_on": "2026-03-01 08:00:00",
                "visit_place": "At home",
                "visit_met": "The mother",
                "recommendation": "support",
                "recommendation_text": "The need is plain.",
                "proposed_amount": 400,
            }
        )
