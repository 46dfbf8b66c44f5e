"""Shared parts of the committee tests."""

from odoo import Command

from ..common import PIXEL, BeneficiaryCommon

START = "2026-03-22 07:00:00"
STOP = "2026-03-22 09:00:00"


class VoteCase(BeneficiaryCommon):
    def setUp(self):
        super().setUp()
        self.manager.lang = "en_US"  # the tests compare messages
        self.request = self._make_request("in_review")
        self.decision = self.request.decision_ids

    def _vote(self, user, choice, reason="As studied"):
        self.decision.with_user(user).action_vote(choice, reason)

    def _close(self, user=None, reason="As studied"):
        return self.decision.with_user(user or self.chair).action_close_vote(
            reason, self.rejection_reason.id
        )

    def _seen_by(self, user):
        """Return the voters whose ballots ``user`` can read."""
        votes = self.env["beneficiary.vote"].with_user(user)
        return votes.search([("decision_id", "=", self.decision.id)]).sudo().user_id

    def _ballot(self, user):
        return self.decision.vote_ids.filtered(lambda vote: vote.user_id == user)

    def _reopen(self):
        """Return and raise the request: a new round for the present members."""
        self.request.with_user(self.manager).action_return(reason="Look again")
        self._advance(self.request, "in_review")
        self.decision = self.request._get_current_decision()


class SessionCase(BeneficiaryCommon):
    """A committee with chair, secretary and two members, and a session of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.superuser = cls.env["res.users"].browse(1)
        cls.secretary = cls._make_user("br_secretary", "committee", cls.company)
        cls.former = cls._make_user("br_former", "committee", cls.company)
        cls.far_chair = cls._make_user("br_far_chair", "committee", cls.company)
        cls.committee.member_ids = [
            Command.create({"user_id": cls.secretary.id, "role": "secretary"}),
            Command.create({"user_id": cls.former.id, "date_to": "2020-01-01"}),
        ]
        cls.far_committee = cls.env["beneficiary.committee"].create(
            {
                "name": "Far Committee",
                "company_id": cls.company.id,
                "member_ids": [
                    Command.create({"user_id": cls.far_chair.id, "role": "chair"})
                ],
            }
        )

    def _as(self, actor, records):
        user = getattr(self, actor)
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_id.ids
            if actor in ("outsider", "superuser")
            else self.company.ids
        )

    def _plan(self, **vals):
        """Plan a session as the secretary, and return it as superuser."""
        session = self._as("secretary", self.env["beneficiary.committee.session"])
        session = session.create(
            {
                "committee_id": self.committee.id,
                "start": START,
                "stop": STOP,
                "place": "Meeting room",
                **vals,
            }
        )
        return session.with_user(self.env.user).sudo()

    def _reach(self, state, **vals):
        """Return a session that its own moves took to ``state``."""
        session = self._plan(**vals)
        if state == "cancelled":
            self._as("chair", session).action_cancel("Nothing to study")
        if state in ("open", "minutes", "closed"):
            self._as("secretary", session).action_open()
        if state in ("minutes", "closed"):
            self._mark_all(session)
            self._as("secretary", session).action_end()
        if state == "closed":
            self._sign_all(session)
            self._as("chair", session).action_close()
        return session

    def _mark_all(self, session, absent=()):
        for line in self._as("chair", session).attendance_ids:
            line._mark("absent" if line.user_id in absent else "present")

    def _sign_all(self, session):
        for user in session._get_unsigned().user_id:
            session.with_user(user).action_sign(PIXEL)

    def _raise(self, count=1):
        """Return requests in review; their due dates are in the order of raising."""
        return self.env["beneficiary.request"].union(
            *(self._make_request("in_review") for _number in range(count))
        )
