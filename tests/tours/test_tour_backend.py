from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install", "with_demo")
class TestBackendTour(HttpCase, BeneficiaryCommon):
    """An officer's part of a request, in Arabic."""

    @mute_logger("odoo.http")  # refusals are logged
    def test_officer_verifies(self):
        """R12, R13: the form says what is missing; the officer adds it and verifies."""
        self.officer.lang = "ar_001"
        paper = self._make_document(self.file, self.identity_type)
        request = self._make_request("submitted")
        self.start_tour(
            "/odoo/beneficiary-requests",
            "beneficiary_backend_verify",
            login=self.officer.login,
        )
        self.assertEqual(paper.matched_by_id, self.officer)
        self.assertEqual(paper.source, "الأصل")
        self.assertEqual(request.state, "verified")
        self.assertEqual(request._get_steps("verify").evidence, "قورنت الأوراق بأصولها")


@tagged("post_install", "-at_install", "with_demo")
class TestBackendTourPhone(HttpCase, BeneficiaryCommon):
    """A committee member's part of a request, in Arabic, on a phone."""

    browser_size = "375x667"
    touch_enabled = True

    @mute_logger("odoo.http")  # refusals are logged
    def test_member_votes(self):
        """R19: a member studies and votes from the waiting list, on a phone."""
        self.member.lang = "ar_001"
        request = self._make_request("in_review")
        self.start_tour(
            "/odoo/beneficiary-votes",
            "beneficiary_backend_vote",
            login=self.member.login,
        )
        vote = request.decision_ids.vote_ids.filtered(
            lambda vote: vote.user_id == self.member
        )
        self.assertEqual(vote.choice, "accept")
