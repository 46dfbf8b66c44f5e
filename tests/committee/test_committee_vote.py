from ast import literal_eval
from contextlib import closing
from datetime import date, datetime

from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import VoteCase


@tagged("post_install", "-at_install", "with_demo")
class TestCommitteeVote(VoteCase):
    def test_majority(self):
        """R19: more than half of the votes cast decide, and the reply is held."""
        self._vote(self.chair, "accept")
        self._vote(self.member, "reject")
        self._vote(self.member2, "accept")
        self.assertIs(self._close(reason=None), True)
        self.assertEqual(
            (self.decision.state, self.decision.outcome), ("taken", "accepted")
        )
        self.assertEqual(self.request.state, "decided")
        self.assertTrue(self.request.release_on)
        self.assertEqual(self.decision.closed_by_id, self.chair)
        self.assertEqual(
            self.decision.explanation,
            "Decided by majority: 2 for, 1 against, 0 abstained. 3 of 3 members took "
            "part; 2 make a quorum.",
        )

    def test_casting_vote(self):
        """R19: in a tie the chair's vote decides, and the explanation says so."""
        for chair, outcome in (("accept", "accepted"), ("reject", "rejected")):
            with self.subTest(chair=chair):
                other = {"accept": "reject", "reject": "accept"}[chair]
                self._vote(self.chair, chair)
                self._vote(self.member, other)
                self._vote(self.member2, "abstain")
                self._close()
                self.assertEqual(self.decision.outcome, outcome)
                self.assertIn("decided by the chair's vote", self.decision.explanation)
                self.request._write_flow({"state": "in_review"})
                self._reopen()

    def test_no_decision(self):
        """R19, R22: without a decision the managers are told; nothing moves."""
        late = self.env.ref("beneficiary_relations.mail_activity_type_late")
        for votes, sentence in (
            ({self.chair: "accept"}, "No quorum: at least 2 of 3 members must vote."),
            (
                {self.chair: "abstain", self.member: "abstain"},
                "Every member present abstained: there is no decision.",
            ),
            (
                {
                    self.chair: "abstain",
                    self.member: "accept",
                    self.member2: "reject",
                },
                "A tie of 1 to 1, and the chair cast no vote: there is no decision.",
            ),
        ):
            with self.subTest(sentence=sentence):
                for voter, choice in votes.items():
                    self._vote(voter, choice)
                action = self._close()
                self.assertEqual(action["tag"], "display_notification")
                self.assertEqual(action["params"]["message"], sentence)
                self.assertEqual(self.request.state, "in_review")
                self.assertEqual(self.decision.state, "open")
                self.assertFalse(self.decision.outcome or self.decision.result_code)
                told = self.request.activity_ids.filtered(
                    lambda activity: activity.activity_type_id == late
                )
                # Once, and without the figures: not everyone may know the votes.
                self.assertEqual(told.user_id, self.manager)
                self.assertEqual(
                    told.mapped("summary"), ["The committee could not decide"]
                )

    def test_no_decision_can_be_completed(self):
        """R19: after "no decision" the members go on voting, and can decide."""
        self._vote(self.chair, "abstain")
        self._close()
        self._vote(self.member, "accept")
        self._vote(self.member2, "accept")
        self.assertIs(self._close(), True)
        self.assertEqual(self.request.state, "decided")

    def test_rejection_needs_a_reason(self):
        """R23: a rejection is refused without words that the applicant can read."""
        for voter in (self.chair, self.member):
            self._vote(voter, "reject")
        for reason in (None, "", " \n"):
            with self.assertRaisesRegex(UserError, "reason of the rejection"):
                self._close(reason=reason)
        self.assertEqual(self.request.state, "in_review")
        self._close(reason="The income is above the limit.")
        self.assertEqual(self.decision.reason, "The income is above the limit.")
        self.assertFalse(self.decision.amount_granted)

    def test_who_closes(self):
        """R19: only chair or secretary closes the vote, and no manager."""
        secretary = self._make_user("br_secretary", "committee", self.company)
        self.committee.member_ids = [
            Command.create({"user_id": secretary.id, "role": "secretary"})
        ]
        self._reopen()
        for voter in (self.chair, self.member, self.member2):
            self._vote(voter, "accept")
        for user in (self.member, self.manager, self.officer, self.auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._close(user)
        self.assertEqual(self.request.state, "in_review")
        with self.assertRaisesRegex(UserError, "Cast your own vote first"):
            self._close(secretary)
        self._vote(secretary, "abstain")
        self._close(secretary)
        self.assertEqual(self.decision.closed_by_id, secretary)
        with self.assertRaisesRegex(UserError, "already closed"):
            self._close()

    def test_recused_chair_closes_nothing(self):
        """R19: closing reveals the result, so a recused leader may not try."""
        self._vote(self.chair, "recused", "A relative")
        self._vote(self.member, "accept")
        self._vote(self.member2, "accept")
        with self.assertRaisesRegex(AccessError, "You are recused"):
            self._close()
        self.assertEqual(self.decision.state, "open")

    def test_changed_vote(self):
        """R19: members may change their one vote until the vote is closed."""
        self._vote(self.chair, "reject", "At first sight")
        self._vote(self.chair, "accept", "On second thought")
        self._vote(self.member, "accept")
        ballot = self.decision.vote_ids.filtered(
            lambda vote: vote.user_id == self.chair
        )
        self.assertEqual(
            (ballot.choice, ballot.reason), ("accept", "On second thought")
        )
        self.assertEqual(self.decision._get_result().accept, 2)
        self._close()
        for voter in (self.chair, self.member2):
            with self.assertRaisesRegex(UserError, "already closed"):
                self._vote(voter, "reject")

    def test_reasons_of_votes(self):
        """R19: a member needs a reason to reject or to step aside."""
        for choice in ("reject", "recused"):
            for reason in (None, " "):
                with self.assertRaisesRegex(UserError, "reason of your vote"):
                    self._vote(self.member, choice, reason)
        for choice in (False, "yes", "accepted"):
            with self.assertRaisesRegex(UserError, "Accept, reject"):
                self._vote(self.member, choice)
        self._vote(self.member, "abstain", None)

    def test_a_vote_is_never_written_by_hand(self):
        """R19: only methods write ballots and decisions."""
        for user in (self.chair, self.member, self.manager, self.officer):
            for record, vals in (
                (self.decision, {"outcome": "accepted", "state": "taken"}),
                (self.decision.vote_ids[0], {"choice": "accept"}),
            ):
                record = record.with_user(user)
                with self.assertRaises(AccessError):
                    record.write(vals)
                with self.assertRaises(AccessError):
                    record.unlink()
                with self.assertRaises(AccessError):
                    record.copy(vals)

    # -- who votes ---------------------------------------------------------------------

    def test_only_members_vote(self):
        """R19: nobody votes without a seat, whatever their rights."""
        for user in (self.manager, self.officer, self.auditor, self.env.user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._vote(user, "accept")

    def test_former_member(self):
        """R19: a former member cannot vote and does not count for the quorum."""
        seat = self.committee.member_ids.filtered(
            lambda seat: seat.user_id == self.member2
        )
        self._vote(self.member2, "accept")
        seat.date_to = date(2020, 1, 1)
        with self.assertRaises(AccessError):
            self._vote(self.member2, "reject")
        result = self.decision._get_result()
        self.assertEqual((result.base, result.present), (2, 0))

    def test_term_ends_in_riyadh(self):
        """R19: the last day of a term ends at the association's midnight."""
        seat = self.committee.member_ids.filtered(
            lambda seat: seat.user_id == self.member
        )
        seat.date_to = date(2026, 3, 31)
        for zone in ("Asia/Riyadh", "UTC", "America/Los_Angeles"):
            self.member.tz = zone
            ballot = self.decision.vote_ids.filtered(
                lambda vote: vote.user_id == self.member
            ).with_context(tz=zone)
            committee = self.committee.with_context(tz=zone)
            for moment, in_office in (
                (datetime(2026, 3, 31, 20, 59), True),
                (datetime(2026, 3, 31, 21, 0), False),
            ):
                with self.subTest(zone=zone, moment=moment), freeze_time(moment):
                    self.assertEqual(ballot._counts(), in_office)
                    self.assertEqual(
                        seat in committee._get_members_in_office(), in_office
                    )

    def test_new_member(self):
        """R19: a member who joins during a study gets a ballot and counts."""
        self._vote(self.chair, "accept")
        late = self._make_user("br_late", "committee", self.company)
        later = self._make_user("br_later", "committee", self.company)
        self.committee.member_ids = [
            Command.create({"user_id": late.id}),
            Command.create({"user_id": later.id, "date_from": "2090-01-01"}),
        ]
        self.assertEqual(self.decision._get_result().base, 4)
        self._vote(late, "accept")
        with self.assertRaises(AccessError):
            self._vote(later, "accept")

    def test_future_member(self):
        """R19: a future member is asked to vote from the first day in office."""
        with freeze_time("2026-03-15 07:00:00"):
            self._reopen()
            later = self._make_user("br_later", "committee", self.company)
            self.committee.member_ids = [
                Command.create({"user_id": later.id, "date_from": "2026-03-17"})
            ]
        # Half past midnight in Riyadh is still the day before by UTC.
        for moment, asked in (("2026-03-16 20:00", 0), ("2026-03-16 21:30", 1)):
            with freeze_time(moment), self.enter_registry_test_mode():
                self.env.ref(
                    "beneficiary_relations.ir_cron_terms"
                ).method_direct_trigger()
            seat = self.decision.vote_ids.filtered(lambda vote: vote.user_id == later)
            self.assertEqual(len(seat), asked, moment)

    def test_archived_user(self):
        """R19: a member with an archived account does not count, whatever the term."""
        self.committee.write({"quorum_type": "number", "quorum": 3})
        self.assertFalse(self.decision.shortage)
        self.member2.active = False
        self.env["beneficiary.decision"].search([]).ballots_on = False
        with self.enter_registry_test_mode():
            self.env.ref("beneficiary_relations.ir_cron_terms").method_direct_trigger()
        self.assertEqual(self.decision._get_result().base, 2)
        self.assertIn("Members missing: 1", self.decision.shortage)
        self.assertNotIn(self.member2, self._get_asked())

    def test_recused_manager(self):
        """R19: a recused manager has no part in the study by the manager's role either.

        They cannot return the request, release the reply early or see the votes.
        """
        self.chair.group_ids |= self.env.ref("beneficiary_relations.group_manager")
        secretary = self._make_user("br_secretary", "committee", self.company)
        self.committee.member_ids = [
            Command.create({"user_id": secretary.id, "role": "secretary"})
        ]
        self._vote(self.chair, "recused", "A cousin")
        request = self.request.with_user(self.chair)
        self.assertFalse(request.can_return or request.can_release)
        self.assertTrue(self.request.with_user(self.manager).can_return)
        for action in ("action_return", "action_cancel"):
            with self.assertRaisesRegex(UserError, "without an interest"):
                getattr(request, action)(reason="My cousin is not ready")
        for voter in (self.member, self.member2, secretary):
            self._vote(voter, "accept")
        self._close(secretary)
        with self.assertRaisesRegex(UserError, "held until"):
            request.action_release(reason="My cousin is in need")
        with self.assertRaisesRegex(UserError, "without an interest"):
            request.action_cancel(reason="We have fallen out")
        self.assertEqual(self._seen_by(self.chair), self.chair)
        # A manager without an interest may do so, and sees all.
        self.request.with_user(self.manager).action_release(reason="Urgent")
        self.assertEqual(len(self._seen_by(self.manager)), 4)
        self.assertEqual(self._seen_by(self.chair), self.chair)

    def test_who_matched_data(self):
        """R13, R19: a member who verified the data of the file has no vote."""
        matcher = self._make_user("br_matcher", "officer", self.company)
        matcher.group_ids |= self.env.ref("beneficiary_relations.group_committee")
        self.committee.member_ids = [Command.create({"user_id": matcher.id})]
        self.assertFalse(self._ballot(matcher).choice)
        self.file.with_user(matcher).action_match("The card")
        with self.assertRaisesRegex(AccessError, "recused"):
            self._vote(matcher, "accept")
        self.chair.lang = "en_US"
        self._reopen()
        self.assertEqual(self._ballot(matcher).choice, "recused")

    def test_chair_of_today(self):
        """R19: the present chair has the casting vote, not the chair at the start."""
        seats = self.committee.member_ids.grouped("user_id")
        seats[self.chair].role = "member"
        seats[self.member].role = "chair"
        self._vote(self.chair, "reject")
        self._vote(self.member, "accept")
        self._close(self.member)
        self.assertEqual(self.decision.outcome, "accepted")
        self.assertEqual(self.decision.result_code, "casting_vote")

    def test_used_seat(self):
        """R19: a seat with votes keeps its member; its term can only be ended."""
        seat = self.committee.member_ids.filtered(lambda seat: seat.role == "member")[0]
        late = self._make_user("br_late", "committee", self.company)
        with self.assertRaisesRegex(UserError, "End its term"):
            seat.with_user(self.manager).user_id = late
        for user in (self.officer, self.outsider):
            with self.assertRaisesRegex(ValidationError, "has that role"):
                self.committee.member_ids = [Command.create({"user_id": user.id})]

    def test_former_member_reads_nothing(self):
        """R43: after their term, members cannot read files and requests."""
        requests = self.env["beneficiary.request"].with_user(self.member)
        self.assertTrue(requests.search_count([("id", "=", self.request.id)]))
        seat = self.committee.member_ids.filtered(
            lambda seat: seat.user_id == self.member
        )
        seat.date_to = "2020-01-01"
        self.assertFalse(requests.search_count([("id", "=", self.request.id)]))

    def test_who_matched_papers_is_recused(self):
        """Roles: nobody both verifies and votes, also not in another round."""
        self.member.group_ids |= self.env.ref("beneficiary_relations.group_officer")
        self.request.with_user(self.manager).action_return(reason="Look again")
        self.request.with_user(self.member).action_verify(evidence="Compared")
        self.request.with_user(self.officer).action_return(reason="And again")
        self._advance(self.request, "in_review")
        self.assertEqual(self.request.verified_by_id, self.officer)
        ballot = self.request._get_current_decision().vote_ids.filtered(
            lambda vote: vote.user_id == self.member
        )
        self.assertEqual(ballot.choice, "recused")

    def test_part_in_the_request(self):
        """R19: a member who takes part in a request during its study loses the vote."""
        self.member.group_ids |= self.env.ref("beneficiary_relations.group_officer")
        self._vote(self.member, "accept")
        papers = self.request.document_ids.with_user(self.member)
        papers.with_context(active_test=False).action_match("The original")
        self.request.with_user(self.member2).sudo()._record_step("verify", evidence="-")
        ballot = self._ballot(self.member)
        self.assertEqual(ballot.choice, "recused", "at once, the vote is taken back")
        for user in (self.member, self.member2):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._vote(user, "reject")
        self._vote(self.chair, "accept")

    def test_every_reason_is_looked_for(self):
        """R19: every reason for recusal is checked before a member votes."""
        request = self.request.sudo()
        file = request.beneficiary_id
        file._get_or_create_contacts()
        interest = {
            "name": "Example",
            "company_id": self.company.id,
            "identity_number": file.identity_number,
        }
        interests = self.env["beneficiary.committee.interest"].with_user(self.member)
        reasons = {
            "applicant": lambda: self.member.write({"partner_id": file.partner_id.id}),
            "portal user": lambda: file.write(
                {"portal_user_ids": [Command.link(self.member.id)]}
            ),
            "representative": lambda: file.representative_ids.create(
                {
                    "beneficiary_id": file.id,
                    "name": "Example",
                    "user_id": self.member.id,
                }
            ),
            "verifier": lambda: (
                request.with_user(self.member)
                .sudo()
                ._record_step("verify", evidence="-")
            ),
            "papers": lambda: request.document_ids._write_kept(
                {"matched_by_id": self.member.id}
            ),
            "interest": lambda: interests.create(interest),
        }
        find = self.env["beneficiary.committee.interest"]._find
        for name, come_to_light in reasons.items():
            with self.subTest(reason=name), closing(self.env.cr.savepoint()):
                self.assertFalse(request._may_recuse(self.member))
                come_to_light()
                found = request._get_recusal_reasons(find(request)[request])
                self.assertIn(self.member, found)
                self.assertTrue(request._may_recuse(self.member))
            self.env.invalidate_all()

    def test_withdrawn_study(self):
        """R19: a withdrawn study takes no votes, and asks for none."""
        vote = self.env.ref("beneficiary_relations.mail_activity_type_vote")
        self.assertEqual(
            self.request.activity_ids.filtered(
                lambda activity: activity.activity_type_id == vote
            ).user_id,
            self.chair | self.member | self.member2,
        )
        self.request.with_user(self.manager).action_return(reason="Incomplete")
        self.assertNotIn(vote, self.request.activity_ids.activity_type_id)
        with self.assertRaisesRegex(UserError, "already closed"):
            self._vote(self.member, "accept")
        with self.assertRaisesRegex(UserError, "already closed"):
            self._close()

    def test_activity_ends_with_the_vote(self):
        """R22: voting ends the member's own activity, and not those of others."""
        vote = self.env.ref("beneficiary_relations.mail_activity_type_vote")
        self._vote(self.member, "accept")
        open_for = self.request.activity_ids.filtered(
            lambda activity: activity.activity_type_id == vote and activity.active
        ).user_id
        self.assertEqual(open_for, self.chair | self.member2)

    def _get_asked(self):
        """Return the users with an activity that asks for their vote."""
        return self.request.activity_ids.filtered(
            lambda activity: activity.activity_category == "beneficiary_vote"
        ).user_id

    def _get_waiting(self, user):
        """Return the ballots of ``user`` under “Waiting for Me” and “Late”."""
        votes = self.env["beneficiary.vote"].with_user(user)
        search = etree.fromstring(votes.get_view(view_type="search")["arch"])
        return [
            votes.search(
                [
                    *literal_eval(
                        search.find(f".//filter[@name='{name}']").get("domain")
                    ),
                    ("user_id", "=", user.id),
                    ("decision_id", "=", self.decision.id),
                ]
            )
            for name in ("filter_waiting", "filter_late")
        ]

    def test_asked_until_the_term_ends(self):
        """R19, R22: a former member is not asked to vote, by activity or list."""
        seat = self.committee.member_ids.filtered(
            lambda seat: seat.user_id == self.member2
        )
        self.request._write_flow({"reply_due_on": "2026-01-01 07:00:00"})
        ballot = self._ballot(self.member2)
        self.assertEqual(self._get_asked(), self.chair | self.member | self.member2)
        self.assertEqual(self._get_waiting(self.member2), [ballot, ballot])
        seat.with_user(self.manager).date_to = date(2020, 1, 1)
        self.assertEqual(self._get_asked(), self.chair | self.member)
        none = ballot.browse()
        self.assertEqual(self._get_waiting(self.member2), [none, none])

    def test_asked_until_the_last_day(self):
        """R19, R22: a member is not asked to vote after the last day of the term."""
        seat = self.committee.member_ids.filtered(
            lambda seat: seat.user_id == self.member2
        )
        seat.date_to = date(2030, 3, 17)
        cron = self.env.ref("beneficiary_relations.ir_cron_terms")
        for moment, asked in (
            ("2030-03-17 12:00:00", True),
            ("2030-03-17 21:30:00", False),  # past midnight in Riyadh
        ):
            with freeze_time(moment), self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.assertEqual(self.member2 in self._get_asked(), asked)

    def test_seated_anew(self):
        """R19: a member who takes a new seat is asked to vote on the new ballot."""
        seat = self.committee.member_ids.filtered(
            lambda seat: seat.user_id == self.member2
        )
        with freeze_time("2030-03-17 12:00:00"):
            self.committee.member_ids = [
                Command.update(seat.id, {"date_to": "2030-03-16"}),
                Command.create({"user_id": self.member2.id, "date_from": "2030-03-17"}),
            ]
            self.decision._update_ballots()
            self.assertIn(self.member2, self._get_asked())

    # -- recusal -----------------------------------------------------------------------

    def test_activity_ends_in_no_other_way(self):
        """R19: an activity for a vote cannot be retyped, moved or archived."""
        request = self._make_request("in_review")
        other = self._make_request("in_review")
        kind = self.env.ref("beneficiary_relations.mail_activity_type_vote")
        activity = request.activity_ids.filtered(
            lambda activity: (
                activity.user_id == self.member and activity.activity_type_id == kind
            )
        )
        todo = self.env.ref("mail.mail_activity_data_todo")
        partner = self.member.partner_id
        models = self.env["ir.model"]
        for user in (self.member, self.officer, self.manager):
            for vals in (
                {"activity_type_id": todo.id},
                {"active": False},
                {"res_id": other.id},
                {"res_model": partner._name, "res_id": partner.id},
                {"res_model_id": models._get_id(partner._name), "res_id": partner.id},
                {"user_id": user.id, "active": False},
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(UserError),
                ):
                    activity.with_user(user).write(vals)
            with self.assertRaises(UserError):
                activity.with_user(user).unlink()
        self.assertEqual(activity.activity_type_id, kind)
        request.decision_ids.with_user(self.member).action_vote("accept")
        self.assertFalse(request.activity_ids & activity)

    def test_the_applicant_is_recused(self):
        """R19: a member who is the applicant or their guardian has no vote."""
        self.file.portal_user_ids |= self.member
        self._reopen()
        self._assert_recused(self.member, "The member is the applicant.")

    def test_the_verifier_is_recused(self):
        """Roles: nobody both verifies a request and votes on it."""
        self.officer.group_ids |= self.env.ref("beneficiary_relations.group_committee")
        self.committee.member_ids = [Command.create({"user_id": self.officer.id})]
        self._reopen()
        self._assert_recused(self.officer, "The member verified the request.")

    def _assert_recused(self, user, reason):
        """Check that ``user`` has no vote and cannot see the others' votes."""
        ballot = self.decision.vote_ids.filtered(lambda vote: vote.user_id == user)
        self.assertEqual((ballot.choice, ballot.reason), ("recused", reason))
        self.assertNotIn(user, self.request.activity_ids.user_id)
        others = self.chair | self.member | self.member2
        for voter in others - user:
            self._vote(voter, "accept")
        self.assertEqual(self._seen_by(user), user)
        with self.assertRaisesRegex(AccessError, "recused"):
            self._vote(user, "accept")
        self.assertEqual(self.decision._get_result().base, len(others - user))
        self._close()
        self.assertEqual(self._seen_by(user), user, "nor once it is decided")

    def test_stepping_aside(self):
        """R19: a member who steps aside does so for good, and sees no votes."""
        self._vote(self.chair, "accept")
        self._vote(self.member, "accept")
        self.assertEqual(len(self._seen_by(self.member)), 3)
        self._vote(self.member, "recused", "He is my cousin")
        self.assertEqual(self._seen_by(self.member), self.member)
        with self.assertRaisesRegex(AccessError, "recused"):
            self._vote(self.member, "accept")
        self.assertEqual(self.decision._get_result().base, 2)

    def test_recusal_below_quorum(self):
        """R19: three members, one recused: no decision and no exception."""
        self.committee.write({"quorum_type": "number", "quorum": 3})
        self._vote(self.member2, "recused", "He is my cousin")
        self._vote(self.chair, "accept")
        self._vote(self.member, "accept")
        action = self._close()
        self.assertIn("No quorum: at least 3 of 2", action["params"]["message"])
        self.assertEqual(self.request.state, "in_review")

    # -- who sees what -----------------------------------------------------------------

    def test_votes_are_open_after_ones_own(self):
        """R19: members see the others' votes after their own vote, and not before."""
        self._vote(self.chair, "reject")
        self.assertEqual(self._seen_by(self.member), self.member)
        for ballot in self.decision.vote_ids - self._ballot(self.member):
            with self.assertRaises(AccessError):
                ballot.with_user(self.member).read(["choice"])
        self._vote(self.member, "accept")
        self.assertEqual(
            self._seen_by(self.member), self.chair | self.member | self.member2
        )

    def test_no_false_alarm(self):
        """R19: a member who may not see the votes yet gets no warning of a shortage."""
        for user in (self.member, self.chair):
            mine = self.decision.with_user(user)
            mine.invalidate_recordset()
            (shown,) = mine.web_read({"vote_ids": {"fields": {}}, "shortage": {}})
            self.assertEqual(len(shown["vote_ids"]), 1)
            self.assertFalse(shown["shortage"])

    def test_the_tally_tells_nothing(self):
        """R19: while the vote is open, the decision shows nobody the counts."""
        self._vote(self.chair, "reject")
        self._vote(self.member2, "reject")
        seen = self.decision.with_user(self.member)
        self.assertEqual(
            seen.read(["accept_count", "reject_count", "outcome"]),
            [{"id": seen.id, "accept_count": 0, "reject_count": 0, "outcome": False}],
        )
        self.assertFalse(
            seen.search([("vote_ids.choice", "=", "reject"), ("id", "=", seen.id)])
        )

    def test_staff_see_votes_once_taken(self):
        """R19: managers and auditors read the votes once the decision is taken."""
        for voter in (self.chair, self.member, self.member2):
            self._vote(voter, "accept")
        for user in (self.manager, self.auditor):
            self.assertFalse(self._seen_by(user))
            self.assertFalse(
                self.decision.with_user(user).search([("id", "=", self.decision.id)])
            )
        self._close()
        for user in (self.manager, self.auditor):
            self.assertEqual(len(self._seen_by(user)), 3)
        with self.assertRaises(AccessError):
            self._seen_by(self.officer)
