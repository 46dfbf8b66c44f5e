from contextlib import closing, nullcontext, suppress

from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..committee.common import SessionCase
from ..request.common import DECIDED, RAISED, RELEASE, ClockCase

USERS = (
    "delegate",
    "officer",
    "manager",
    "researcher",
    "chair",
    "secretary",
    "member",
    "former",
    "far_chair",
    "auditor",
)


@tagged("post_install", "-at_install")
class TestButtons(ClockCase, SessionCase):
    """Roles: a button is shown only to users who can use it."""

    def _get_buttons(self, model, user):
        """Return the conditions that hide the buttons of each step in a form."""
        arch = self.env[model].with_user(user).get_view(view_type="form")["arch"]
        steps = {}
        for button in etree.fromstring(arch).iter("button"):
            for move in ("release", "return"):
                if f"'default_move': '{move}'" in button.get("context", ""):
                    steps.setdefault(move, []).append(button.get("invisible"))
        return steps

    def _find_movers(self, request, move):
        """Return the users who are offered ``move``, and those who can make it."""
        offered, able = set(), set()
        for name in USERS:
            mine = self._as(name, request)
            mine.invalidate_recordset()
            if mine.has_access("read") and mine[f"can_{move}"]:
                offered.add(name)
            with (
                suppress(AccessError, UserError),
                closing(self.env.cr.savepoint()),
            ):
                getattr(mine, f"action_{move}")(reason="Urgent")
                able.add(name)
            self.env.invalidate_all()
        return offered, able

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_release(self):
        """R21: chair and manager may release early, officers when due; never if
        recused."""
        request = self._raise_at(RAISED)
        self._decide_at(DECIDED, request)
        for moment, users in (
            (DECIDED, {"chair", "manager"}),
            (RELEASE, {"chair", "manager", "officer"}),
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                offered, able = self._find_movers(request, "release")
                self.assertEqual(offered, users)
                self.assertEqual(able, users)
        request.decision_ids.vote_ids.filtered("is_chair").choice = "recused"
        with freeze_time(DECIDED):
            offered, able = self._find_movers(request, "release")
        self.assertEqual((offered, able), ({"manager"}, {"manager"}))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_return(self):
        """Roles: officers return a request; in review, the leaders of the study do."""
        for state, users in (
            ("draft", set()),
            ("submitted", {"officer", "manager"}),
            ("in_review", {"manager", "chair", "secretary"}),
            ("accepted", set()),
        ):
            with self.subTest(state=state):
                offered, able = self._find_movers(self._make_request(state), "return")
                self.assertEqual(offered, users)
                self.assertEqual(able, users)

    def test_forms(self):
        """Roles: the buttons of the forms depend on these rights."""
        request = self._get_buttons("beneficiary.request", self.manager)
        self.assertEqual(request.pop("return"), ["not can_return"])
        for condition in request.pop("release"):  # highlighted, and not
            self.assertIn("(not can_release) or next_step", condition)
        self.assertFalse(request)
        decision = self._get_buttons("beneficiary.decision", self.chair)
        self.assertEqual(decision, {"return": ["state != 'open' or not leads"]})

    def test_vote(self):
        """R19: only members who are not recused are asked for a vote."""
        decision = self._make_request("in_review").decision_ids
        self.assertTrue(self._as("member", decision).can_vote)
        self._as("member", decision).action_vote("accept")
        self.assertTrue(self._as("member", decision).can_vote)
        self._as("member", decision).action_vote("recused", "A relative")
        self.assertFalse(self._as("member", decision).can_vote)
        for voter in ("chair", "member2", "secretary"):
            self._as(voter, decision).action_vote("accept")
        self._as("chair", decision).action_close_vote()
        for user in ("chair", "officer", "manager"):
            self.assertFalse(self._as(user, decision).can_vote)

    def test_vote_of_a_term(self):
        """R19: only members in office are offered a ballot: that of their term."""
        decision = self._make_request("in_review").decision_ids

        def get_offered(actor):
            """Return the ballots offered to ``actor``, and check that voting agrees."""
            self.env.invalidate_all()
            votes = self._as(actor, self.env["beneficiary.vote"])
            offered = votes.search([("decision_id", "=", decision.id)])
            offered = offered.filtered("can_vote")
            self.assertEqual(self._as(actor, decision).can_vote, bool(offered))
            refusal = nullcontext()
            if not offered:
                refusal = self.assertRaises(AccessError)
            with refusal, closing(self.env.cr.savepoint()):
                self._as(actor, decision).action_vote("accept")
            return offered

        [ballot] = get_offered("member")
        self._as("chair", decision).action_vote("accept")
        self.assertEqual(get_offered("chair").user_id, self.chair)  # no other
        seat = ballot.sudo().member_id
        with freeze_time("2030-01-02 07:00:00"):
            seat.date_to = "2030-01-01"
            self.assertFalse(get_offered("member"))
            self.committee.member_ids = [
                Command.create({"user_id": self.member.id, "date_from": "2030-01-02"})
            ]
            [anew] = get_offered("member")
            self.assertNotEqual(anew, ballot)
        views = self._as("member", self.env["beneficiary.vote"])
        arch = etree.fromstring(views.get_view(view_type="list")["arch"])
        shown = {button.get("invisible") for button in arch.iter("button")}
        self.assertEqual(shown, {"not can_vote"})

    def test_stepping_aside_is_warned_of(self):
        """R19: the form warns that a recusal cannot be taken back."""
        wizards = self._as("member", self.env["beneficiary.vote.wizard"])
        arch = etree.fromstring(wizards.get_view(view_type="form")["arch"])
        [warning] = arch.xpath("//p[@invisible=\"choice != 'recused'\"]")
        self.assertIn("for good", warning.text)

    def test_new_session(self):
        """R19: leaders of a committee, secretaries and managers can plan a session."""
        self.committee.member_ids.filtered(
            lambda seat: seat.user_id == self.former
        ).role = "secretary"
        for user, may in (
            ("manager", True),
            ("chair", True),
            ("secretary", True),
            ("member", False),
            ("former", False),
            ("auditor", False),
        ):
            sessions = self._as(user, self.env["beneficiary.committee.session"])
            for view_type in ("list", "kanban", "calendar", "form"):
                with self.subTest(user=user, view=view_type):
                    arch = sessions.get_view(view_type=view_type)["arch"]
                    create = etree.fromstring(arch).get("create")
                    self.assertEqual(create not in ("0", "False"), may)
