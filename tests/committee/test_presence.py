from odoo import Command
from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from .common import SessionCase


@tagged("post_install", "-at_install")
class TestPresence(SessionCase):
    """In a session those present in it decide (R19)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.lang = "en_US"
        cls.committee.circular = False

    def setUp(self):
        super().setUp()
        self.request = self._raise()
        self.decision = self.request.decision_ids
        self.voters = self.chair | self.secretary | self.member | self.member2

    def _vote(self, choices="accept", users=None):
        for user in users or self.voters:
            choice = choices if isinstance(choices, str) else choices[user]
            self.decision.with_user(user).action_vote(choice, "As studied")

    def _open(self, present, **vals):
        """Return the open session of the request, with only ``present`` in it."""
        session = self._plan(**vals)
        self._as("chair", session).action_fill_agenda()
        self._as("chair", session).action_open()
        self._mark_all(session, absent=self.voters - present)
        return session

    def _close(self):
        decision = self._as("chair", self.decision)
        return call_kw(
            decision,
            "action_close_vote",
            [decision.ids],
            {"reason": "Not shown", "rejection_reason_id": self.rejection_reason.id},
        )

    def _print(self, session):
        action = "beneficiary_relations.session_minutes_report_action"
        reports = self.env["ir.actions.report"]
        return reports._render_qweb_html(action, session.ids)[0].decode()

    def _places(self):
        return {vote.user_id: vote.place for vote in self.decision.vote_ids}

    def test_one_person_does_not_decide(self):
        """R19: votes of absent members make no decision, whatever they are."""
        self._vote()
        session = self._open(present=self.chair)
        action = self._close()
        self.assertIn("1 of 4 members", action["params"]["message"])
        self.assertIn("at least 3", action["params"]["message"])
        self.assertEqual(self.request.state, "in_review")
        self.assertEqual(session.item_ids.outcome, "undecided")
        # The same request, once the others have come.
        self._mark_all(session, absent=self.member2)
        self.assertIs(self._close(), True)
        self.assertEqual(self.request.state, "decided")

    def test_the_present_decide(self):
        """R19: the vote of an absent member is not counted, and the paper fits."""
        self._vote(dict.fromkeys(self.voters, "accept") | {self.member2: "reject"})
        session = self._open(present=self.voters - self.member2)
        self._close()
        decision = self.decision
        self.assertEqual(
            (decision.accept_count, decision.reject_count, decision.ahead_count),
            (3, 0, 0),
        )
        self.assertEqual(
            decision.explanation,
            "Decided by majority: 3 for, 0 against, 0 abstained. 3 of 4 members took "
            "part; 3 make a quorum.",
        )
        self.assertEqual(self._places()[self.member2], "away")
        self.assertEqual(self._places()[self.member], "present")
        self._as("chair", session).action_end()
        self.assertIn("Decided by majority: 3 for, 0 against", session.minutes)
        self.assertNotIn("As studied", session.minutes, "no dissent was counted")
        self.assertNotIn("Voted ahead", session.minutes)
        self.assertEqual(self._print(session).count("quorum"), 1, "printed once")

    def test_absent_chair_breaks_no_tie(self):
        """R19: a chair who is absent has no casting vote."""
        self.committee.write({"quorum_type": "number", "quorum": 2})
        self._vote(
            {
                self.chair: "accept",
                self.secretary: "accept",
                self.member: "reject",
                self.member2: "accept",
            }
        )
        self._open(present=self.secretary | self.member)
        self._as("secretary", self.decision).action_close_vote()
        self.assertEqual(self.request.state, "in_review")

    def test_voted_ahead(self):
        """R19: where the committee allows it, votes given ahead count, and it says."""
        self.committee.votes_ahead = True
        self._vote(dict.fromkeys(self.voters, "accept") | {self.member2: "reject"})
        session = self._open(present=self.chair | self.secretary)
        self.committee.votes_ahead = False  # the rule of the opening holds
        self._close()
        self.assertEqual(
            (self.decision.outcome, self.decision.ahead_count), ("accepted", 2)
        )
        self.assertIn("Voted ahead of the session: 2.", self.decision.explanation)
        self.assertEqual(
            self._places(),
            {
                self.chair: "present",
                self.secretary: "present",
                self.member: "ahead",
                self.member2: "ahead",
            },
        )
        self._as("chair", session).action_end()
        self.assertIn("Voted ahead of the session: 2.", session.minutes)
        self.assertIn("As studied", session.minutes, "the dissent counted")

    def test_the_form_says_what_counts(self):
        """R19: who votes reads beforehand whether the vote counts from afar."""
        wizards = self.env["beneficiary.vote.wizard"].with_user(self.member)
        wizards = wizards.with_context(default_decision_id=self.decision.id)
        for setting, expected in (
            ({"circular": True}, False),
            ({"circular": False, "votes_ahead": True}, False),
            ({"circular": False, "votes_ahead": False}, True),
        ):
            self.committee.write(setting)
            with self.subTest(setting=setting):
                self.assertEqual(Form(wizards).needs_presence, expected)

    def test_everybody_is_marked_first(self):
        """R19: no vote is closed before it is written down who is present."""
        self._vote()
        session = self._open(present=self.voters)
        line = session.attendance_ids.filtered(lambda line: line.user_id == self.member)
        line.status = False
        with self.assertRaisesRegex(UserError, f"present: {self.member.name}"):
            self._close()
        line.with_user(self.chair).action_mark_present()
        self.assertIs(self._close(), True)

    def test_recused_members_are_in_the_session(self):
        """R19: who steps aside from a study is present in the session all the same."""
        self._vote(dict.fromkeys(self.voters, "accept") | {self.member: "recused"})
        session = self._open(present=self.voters - self.member2)
        self._close()
        self.assertEqual((self.decision.base_count, self.decision.accept_count), (3, 2))
        self._as("chair", session).action_end()
        self.assertIn("3 of 4 members are present", self._print(session))

    def test_presence_stays_as_it_decided(self):
        """R19: who was present when something was decided stays on the list so."""
        self._vote()
        session = self._open(present=self.voters - self.member2)
        lines = {line.user_id: line for line in session.attendance_ids}
        mark = lines[self.member].with_user(self.chair)
        mark.action_mark_absent()
        mark.action_mark_present()  # free until something is decided
        self._close()
        for method in ("action_mark_absent", "action_mark_excused"):
            with self.assertRaisesRegex(UserError, self.request.name):
                call_kw(mark, method, [mark.ids], {})
        lines[self.member2].with_user(self.chair).action_mark_present()
        self._as("chair", session).action_end()
        with self.assertRaisesRegex(UserError, "who left, and when"):
            mark.action_mark_absent()

    def test_circulation_tells_who_was_absent(self):
        """R19: minutes of a committee that decides by circulation too say who voted
        from afar."""
        self.committee.circular = True
        session = self._open(present=self.chair)
        self._vote()
        self._close()
        self.assertEqual(self.decision.accept_count, 4)
        self._as("chair", session).action_end()
        self.assertIn("Voted ahead of the session: 3.", session.minutes)
        self.assertIn("1 of 4 members are present", self._print(session))

    def test_called_substitute(self):
        """R19: a called substitute who came fills the place of who stepped aside."""
        self.committee.member_ids = [
            Command.create({"user_id": self.far_chair.id, "role": "substitute"})
        ]
        self._vote("recused", self.member | self.member2)
        self._vote("accept", self.chair | self.secretary | self.far_chair)
        session = self._open(present=self.chair | self.secretary)
        substitute = session.attendance_ids.filtered(
            lambda line: line.user_id == self.far_chair
        )
        self.assertEqual(substitute.status, "present")
        self._close()
        self.assertEqual(
            (self.decision.outcome, self.decision.accept_count), ("accepted", 3)
        )

    def test_sealed_with_the_decision(self):
        """R19: how a vote counted is sealed with it."""
        self._vote()
        self._open(present=self.voters - self.member2)
        self._close()
        data = self.decision._get_sealed_data()[self.decision.id]
        self.assertEqual(data["ahead_count"], 0)
        self.assertEqual(
            sorted(vote["place"] for vote in data["vote_ids"]),
            ["away", "present", "present", "present"],
        )
