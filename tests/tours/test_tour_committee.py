from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import PIXEL, BeneficiaryCommon


@tagged("post_install", "-at_install", "with_demo")
class TestCommitteeTour(HttpCase, BeneficiaryCommon):
    """The committee's own screens, in Arabic, on a phone (R19)."""

    browser_size = "375x667"
    touch_enabled = True

    def setUp(self):
        super().setUp()
        for user in (self.chair, self.member, self.member2):
            user.lang = "ar_001"
        self.request = self._make_request("in_review")
        self.decision = self.request.decision_ids

    @mute_logger("odoo.http")  # refusals are logged
    def test_chair_and_members(self):
        """R19: a session goes from its agenda and votes to the signed minutes."""
        start = fields.Datetime.add(fields.Datetime.now(), days=1)
        session = self.env["beneficiary.committee.session"].create(
            {
                "committee_id": self.committee.id,
                "start": start,
                "stop": fields.Datetime.add(start, hours=2),
            }
        )
        self.start_tour(
            "/odoo/beneficiary-sessions",
            "beneficiary_committee_chair",
            login=self.chair.login,
        )
        self.assertEqual(session.state, "open")
        self.assertEqual(session.item_ids.request_id, self.request)
        self.assertEqual(self.decision.amount_proposed, 300)
        self.assertEqual(self.decision.state, "open")

        # The other member has not voted yet: member2 cannot give that vote.
        self.start_tour(
            "/odoo/beneficiary-requests",
            "beneficiary_committee_activity",
            login=self.member2.login,
        )
        self.start_tour(
            "/odoo/beneficiary-votes",
            "beneficiary_committee_member",
            login=self.member.login,
        )
        choices = {vote.user_id: vote.choice for vote in self.decision.vote_ids}
        self.assertEqual(
            choices,
            {self.chair: "accept", self.member: "accept", self.member2: "reject"},
        )

        self.start_tour(
            "/odoo/beneficiary-sessions",
            "beneficiary_committee_close",
            login=self.chair.login,
        )
        self.assertEqual(
            (self.decision.outcome, self.decision.grant, self.decision.amount_granted),
            ("accepted", "part_conditions", 300),
        )
        self.assertEqual(session.state, "minutes")
        session.with_user(self.member).action_sign(signature=PIXEL)
        session.with_user(self.chair).action_close()
        self.assertEqual(session.state, "closed")
