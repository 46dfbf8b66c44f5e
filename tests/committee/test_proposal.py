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


@tagged("post_install", "-at_install")
class TestProposalDoubts(VoteCase):
    """What is odd about a proposal is asked about, and nothing is erased (R19)."""

    def _propose(self, user=None, **given):
        decision = self.decision.with_user(user or self.chair)
        return call_kw(decision, "action_propose", [decision.ids], given)

    def _seen(self, user, model):
        records = self.env[model].with_user(user)
        return records.search([("decision_id", "=", self.decision.id)])

    def test_nothing(self):
        """R19: nothing is granted by a rejection, never by a proposal of 0.00."""
        for amount in (0, 0.0, 0.001):
            with (
                self.subTest(amount=amount),
                self.assertRaisesRegex(UserError, "above zero"),
            ):
                self._propose(amount=amount, reason="The budget is used up")
        self.assertEqual(self.decision.amount_proposed, 500)

    def test_nothing_is_accepted(self):
        """R19: a proposal of nothing from before is not granted either."""
        self.decision.amount_proposed = 0
        for voter in (self.chair, self.member):
            self._vote(voter, "accept")
        with self.assertRaisesRegex(UserError, "above zero"):
            self._close()
        self.assertEqual(self.request.state, "in_review")

    def test_in_kind(self):
        """R19: a request that asks for no money is proposed and granted as before."""
        request = self._make_request("in_review", amount_requested=0)
        self.decision = request.decision_ids
        self._propose(conditions="Bring the lease")
        with self.assertRaisesRegex(UserError, "write why it is so much"):
            self._propose(amount=300)
        self._decide(request)
        self.assertEqual(request.state, "decided")

    def test_far_beyond(self):
        """R19: five times what was asked is asked about; with a reason it is open."""
        for amount in (2500, 5000, 1000.01):
            with (
                self.subTest(amount=amount),
                self.assertRaisesRegex(UserError, "500.00.*was asked for"),
            ):
                self._propose(amount=amount)
        with self.assertRaisesRegex(UserError, "was asked for"):
            self._propose(amount=2500, reason="\u200f")  # a pasted mark is no reason
        self._propose(amount=1000)  # twice is no slip of the pen
        self._propose(amount=2500, reason="Five children, not one")
        self.assertEqual(self.decision.amount_proposed, 2500)
        self._propose(conditions="Bring the lease")  # the amount was explained

    def test_the_form_asks(self):
        """R19: the chair's form asks before the proposal is sent."""
        wizard = Form(
            self.env["beneficiary.decision.move"]
            .with_user(self.chair)
            .with_context(default_decision_id=self.decision.id, default_move="propose")
        )
        self.assertFalse(wizard.questions)
        wizard.amount = 5000
        self.assertIn("Correct the amount", wizard.questions)
        with self.assertRaises(AssertionError):  # the reason is required
            wizard.save()
        wizard.reason = "Ten months at once"
        wizard.save().action_confirm()
        self.assertEqual(self.decision.amount_proposed, 5000)

    def test_old_and_new_are_named(self):
        """R19: the note and the members' tasks name the old and the new amount."""
        self._vote(self.member, "accept")
        self._propose(amount=200, reason="A part of it is in kind")
        note = self.request.message_ids[0].body
        for words in ("500.00", "200.00", "A part of it is in kind"):
            self.assertIn(words, note)
        asked = self.request.activity_ids.filtered(
            lambda activity: activity.activity_category == "beneficiary_vote"
        )
        self.assertEqual(asked.user_id, self.chair | self.member | self.member2)
        for activity in asked:
            self.assertIn("500.00", activity.summary)
            self.assertIn("200.00", activity.summary)
        self._propose(conditions="Bring the lease")
        self.assertIn("other conditions", self.request.message_ids[0].body)
        changes = self.decision.proposal_ids.sorted("id")
        self.assertEqual(changes.mapped("amount_before"), [500, 200])
        self.assertEqual(changes[-1].conditions, "Bring the lease")
        self.assertEqual(changes.proposed_by_id, self.chair)
        self.assertNotIn(
            self.applicant.partner_id, self.request.message_ids.notified_partner_ids
        )

    def test_who_has_seen_the_votes(self):
        """R19: who has seen how others voted says why the proposal changes now."""
        self._vote(self.member, "reject", "Too much")
        self._propose(amount=450)  # the chair has not voted, and has seen nothing
        self._vote(self.member, "reject", "Still too much")
        self._vote(self.chair, "accept")
        for given in ({"amount": 400}, {"conditions": "Bring the lease"}):
            with self.assertRaisesRegex(UserError, "how others voted"):
                self._propose(**given)
        with self.assertRaisesRegex(UserError, "how others voted"):
            self._propose(amount=400, reason=" ")
        self._propose(amount=450)  # nothing changes
        self.assertEqual(self._ballot(self.member).choice, "reject")
        self._propose(amount=400, reason="The lease was lower")
        self.assertFalse(self._ballot(self.member).choice)

    def test_erased_votes_stay_on_record(self):
        """R19: votes that a proposal, their member or an interest ended are kept."""
        self._vote(self.member, "reject", "Too much")
        self._propose(amount=450)
        self._vote(self.member, "accept", "Better")
        self._vote(self.member, "abstain", "Not sure")
        self._vote(self.member2, "accept")
        self._vote(self.member2, "recused", "A cousin")
        kept = self.decision.past_vote_ids.sorted("id")
        self.assertEqual(
            [(vote.user_id, vote.choice, vote.why) for vote in kept],
            [
                (self.member, "reject", "proposal"),
                (self.member, "accept", "changed"),
                (self.member2, "accept", "recused"),
            ],
        )
        self.assertEqual(kept[0].reason, "Too much")
        self.assertTrue(all(vote.voted_on and vote.ended_on for vote in kept))

    def test_who_reads_what_was_erased(self):
        """R19, R21: earlier votes are as secret as those that count."""
        self._vote(self.member, "reject", "Too much")
        self._propose(amount=450)
        votes, changes = "beneficiary.past.vote", "beneficiary.proposal"
        for user in (self.chair, self.member2, self.manager, self.auditor):
            with self.subTest(user=user.login):
                self.assertFalse(self._seen(user, votes))
        self.assertEqual(len(self._seen(self.member, votes)), 1)
        self.assertEqual(len(self._seen(self.member2, changes)), 1)
        for user in (self.officer, self.manager, self.auditor):
            self.assertFalse(self._seen(user, changes), user.login)
        for user in (self.officer, self.delegate, self.applicant, self.outsider):
            with self.assertRaises(AccessError):
                self._seen(user, votes).check_access("write")
        self._vote(self.chair, "accept")
        self.assertEqual(len(self._seen(self.chair, votes)), 1)
        self._decide(self.request)
        for user in (self.manager, self.auditor):
            self.assertTrue(self._seen(user, votes))
            self.assertTrue(self._seen(user, changes))
        self.assertTrue(self._seen(self.officer, changes))
        for model in (votes, changes):
            for user in (self.chair, self.manager):
                with self.assertRaises(AccessError):
                    self._seen(user, model).write({"reason": "Otherwise"})
                with self.assertRaises(AccessError):
                    self._seen(user, model).unlink()

    def test_sealed(self):
        """R19: what was erased is sealed with the decision."""
        self._vote(self.member, "reject", "Too much")
        self._propose(amount=450)
        data = self.decision._get_sealed_data()[self.decision.id]
        self.assertEqual(data["past_vote_ids"][0]["choice"], "reject")
        self.assertEqual(data["proposal_ids"][0]["amount_before"], 500)
