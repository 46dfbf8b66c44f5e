from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from .common import VoteCase


@tagged("post_install", "-at_install")
class TestProposal(VoteCase):
    def _propose(self, user=None, **given):
        self.decision.with_user(user or self.chair).action_propose(**given)

    def test_in_full(self):
        """R19: the requested amount is proposed until the chair changes it."""
        self.assertEqual(self.decision.amount_proposed, 500)
        self._decide(self.request)
        self.assertEqual(
            (self.decision.grant, self.decision.amount_granted), ("full", 500)
        )

    def test_in_part_and_with_conditions(self):
        """R19: an acceptance in part or with conditions is still an acceptance."""
        for amount, conditions, grant in (
            (300, None, "part"),
            (500, "Bring the lease", "conditions"),
            (300, "Bring the lease", "part_conditions"),
            (500, " ", "full"),
            (600, None, "full"),
        ):
            with self.subTest(grant=grant, amount=amount):
                self._propose(amount=amount, conditions=conditions)
                self._decide(self.request)
                self.assertEqual(self.decision.outcome, "accepted")
                self.assertEqual(
                    (self.decision.grant, self.decision.amount_granted), (grant, amount)
                )
                self.request._write_flow({"state": "in_review"})
                self._reopen()

    def test_a_new_proposal_clears_votes(self):
        """R19: a new proposal clears the votes, and they are asked for again."""
        self._vote(self.chair, "accept")
        self._vote(self.member, "recused", "A cousin")
        self._propose(amount=200)
        choices = {vote.user_id: vote.choice for vote in self.decision.vote_ids}
        self.assertEqual(choices[self.chair], False)
        self.assertEqual(choices[self.member], "recused", "an interest stays")
        self.assertEqual(self._seen_by(self.chair), self.chair)
        asked = self.request.activity_ids.filtered(
            lambda activity: activity.activity_category == "beneficiary_vote"
        )
        self.assertEqual(asked.user_id, self.chair | self.member2)
        self.assertEqual(len(asked), 2, "nobody is asked twice")

    def test_the_same_proposal_clears_nothing(self):
        """R19: an unchanged proposal clears no vote."""
        self._vote(self.chair, "accept")
        self._propose(amount=500)
        self._propose(conditions="")
        self.assertEqual(self._ballot(self.chair).choice, "accept")

    def test_who_proposes(self):
        """R19: the chair or the secretary proposes, unless they are recused."""
        for user in (self.member, self.manager, self.officer, self.auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._propose(user, amount=1)
        self._vote(self.chair, "recused", "A cousin")
        with self.assertRaisesRegex(AccessError, "recused"):
            self._propose(amount=1)

    def test_bad_input(self):
        """R19: a proposal needs an amount that is not negative, and texts."""
        for given in (
            {"amount": -1},
            {"amount": "300"},
            {"amount": float("nan")},
            {"amount": float("inf")},
            {"conditions": ["x"]},
        ):
            with self.subTest(given=given), self.assertRaises(UserError):
                decision = self.decision.with_user(self.chair)
                call_kw(decision, "action_propose", [decision.ids], given)

    def test_postponed(self):
        """R19: a study is postponed with a reason, and its time limit runs on."""
        due = self.request.reply_due_on
        with self.assertRaisesRegex(UserError, "Write why"):
            self.decision.with_user(self.chair).action_postpone(" ")
        with self.assertRaises(AccessError):
            self.decision.with_user(self.member).action_postpone("Late")
        self.decision.with_user(self.chair).action_postpone("A paper is awaited")
        self.assertTrue(self.decision.postponed_on)
        self.assertEqual(self.request.reply_due_on, due)
        self.assertEqual(self.request.state, "in_review")
        self._vote(self.member, "accept")

    def test_rejection_reason(self):
        """R23, R43: a rejection has a listed reason and its own words."""
        for voter in (self.chair, self.member):
            self._vote(voter, "reject")
        decision = self.decision.with_user(self.chair)
        self.rejection_reason.copy({"active": False})
        archived = self.rejection_reason.copy({"name": "Old", "active": False})
        foreign = self.rejection_reason.copy(
            {"name": "Theirs alone", "company_id": self.other.id}
        )
        for reason, reason_id in (
            ("No", None),
            ("No", archived.id),
            ("No", foreign.id),
            ("No", "x"),
            ("No", 2**31),
            (None, self.rejection_reason.id),
            (["No"], self.rejection_reason.id),
        ):
            with (
                self.subTest(reason=reason, id=reason_id),
                self.assertRaisesRegex(UserError, "Choose a reason"),
            ):
                call_kw(
                    decision,
                    "action_close_vote",
                    [decision.ids],
                    {"reason": reason, "rejection_reason_id": reason_id},
                )
        decision.action_close_vote("Not shown", self.rejection_reason.id)
        self.assertEqual(decision.rejection_reason_id, self.rejection_reason)

    def test_rejection_reason_of_an_association(self):
        """R43: a reason is shared or the association's own, never another's."""
        own, foreign = (
            self.rejection_reason.copy({"name": name, "company_id": company.id})
            for name, company in (("Ours", self.company), ("Theirs", self.other))
        )
        self._decide(self.request, "rejected")
        with self.assertRaises(UserError):
            self.decision.rejection_reason_id = foreign
        self.decision.rejection_reason_id = own

    def test_wizard(self):
        """R19: the chair's form shows the present proposal and changes it."""
        wizard = Form(
            self.env["beneficiary.decision.move"]
            .with_user(self.chair)
            .with_context(default_decision_id=self.decision.id, default_move="propose")
        )
        self.assertEqual(wizard.amount, 500)
        wizard.amount = 250
        wizard.conditions = "Bring the lease"
        wizard.save().action_confirm()
        self.assertEqual(
            (self.decision.amount_proposed, self.decision.conditions_proposed),
            (250, "Bring the lease"),
        )


@tagged("post_install", "-at_install")
class TestVoteActivity(VoteCase):
    def _activity(self, user):
        return self.request.activity_ids.filtered(
            lambda activity: (
                activity.user_id == user
                and activity.activity_category == "beneficiary_vote"
            )
        )

    def test_delegation_is_refused(self):
        """R19: a vote is personal: its activity cannot be given to another user."""
        for user in (self.member, self.manager, self.env.user):
            activity = self._activity(self.member).with_user(user)
            with (
                self.subTest(user=user.login),
                self.assertRaisesRegex(UserError, "personal|allowed|access"),
            ):
                activity.write({"user_id": self.member2.id})
        self.assertEqual(self._activity(self.member).user_id, self.member)

    def test_is_not_done_without_a_vote(self):
        """R19: the activity ends with the vote, and in no other way."""
        activity = self._activity(self.member).with_user(self.member)
        with self.assertRaisesRegex(UserError, "Accept, reject"):
            activity.action_feedback("Done")
        with self.assertRaisesRegex(UserError, "Accept, reject"):
            activity.unlink()
        self._vote(self.member, "accept")
        self.assertFalse(self._activity(self.member))

    def test_votes_from_the_activity(self):
        """R19: the activity's buttons open the vote form with a choice filled in."""
        action = (
            self.request.with_user(self.member)
            .with_context(default_choice="reject")
            .action_open_vote()
        )
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.member)
            .with_context(**action["context"])
        )
        self.assertEqual(wizard.choice, "reject")
        wizard.reason = "As studied"
        wizard.save().action_confirm()
        self.assertEqual(self._ballot(self.member).choice, "reject")

    def test_other_activities_are_free(self):
        """R22: other activities can be given to others and ended as usual."""
        activity = self.request.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.officer.id
        )
        activity.with_user(self.officer).user_id = self.manager
        activity.with_user(self.manager).action_feedback("Done")
        self.assertFalse(activity.active)
