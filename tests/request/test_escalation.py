from ast import literal_eval
from datetime import timedelta

from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..common import PIXEL
from .common import DECIDED, DUE, FLOOR, MINUTE, RAISED, RELEASE, ClockCase

DAY = timedelta(days=1)


class LateCase(ClockCase):
    def setUp(self):
        super().setUp()
        self.manager.lang = "en_US"  # the tests compare messages
        self.secretary = self._make_user("br_secretary", "committee", self.company)
        self.committee.member_ids = [
            Command.create({"user_id": self.secretary.id, "role": "secretary"})
        ]
        self.seats = self.committee.member_ids.grouped("user_id")
        self.request = self._raise_at(RAISED)
        self.decision = self.request.decision_ids

    def _told(self, moment):
        """Run the scheduled action at ``moment``, and return the users it reminds."""
        late = self.env.ref("beneficiary_relations.mail_activity_type_late")

        def activities():
            return self.request.activity_ids.filtered(
                lambda activity: activity.activity_type_id == late
            )

        known = activities()
        self._run_cron(moment)
        return (activities() - known).user_id

    def _vote(self, user, choice="accept"):
        with freeze_time(DECIDED):
            self.decision.with_user(user).action_vote(choice, "As studied")


@tagged("post_install", "-at_install")
class TestEscalation(LateCase):
    """Reminders go to the people who can act (R22)."""

    def test_all_have_voted(self):
        """R22: if only closing the vote is left, the chair is reminded."""
        for user in (self.chair, self.secretary, self.member, self.member2):
            self._vote(user)
        self.assertEqual(self._told(DUE - DAY), self.chair)

    def test_recused_chair(self):
        """R22: a recused chair cannot close the vote, so the secretary is reminded."""
        self._vote(self.chair, "recused")
        self._told(DUE - DAY)
        self.assertEqual(self._told(DUE + MINUTE), self.secretary)

    def test_nobody_leads(self):
        """R22: without a chair or a secretary the manager is reminded at once."""
        self.seats[self.chair].date_to = "2026-03-16"
        self.seats[self.secretary].date_to = "2026-03-16"
        self._told(DUE - DAY)
        self.assertEqual(self._told(DUE + MINUTE), self.manager)

    def test_former_member(self):
        """R22: a member whose term has ended is not reminded to vote."""
        self.seats[self.member2].date_to = "2026-03-16"
        self.assertEqual(
            self._told(DUE - DAY), self.chair | self.secretary | self.member
        )

    def test_in_their_language(self):
        """R22: all people are reminded in their own language."""
        self.manager.lang = "ar_001"
        self._told(DUE + 4 * DAY)
        summaries = self.request.activity_ids.filtered(
            lambda activity: activity.user_id == self.manager
        ).mapped("summary")
        self.assertTrue(summaries)
        self.assertFalse([text for text in summaries if "late" in text])

    def _next_step(self, request):
        kind = self.env.ref("beneficiary_relations.mail_activity_type_next_step")
        return request.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def test_returned_is_the_officers_again(self):
        """R22: after the committee returns a request, its officer has an activity.

        The next move ends the activity.
        """
        self.officer.lang = "en_US"
        with freeze_time(DECIDED):
            self.request.with_user(self.chair).action_return(reason="A paper")
            told = self._next_step(self.request)
            self.assertEqual(told.user_id, self.officer)
            self.assertIn("Returned by the committee", told.summary)
            self.request.with_user(self.officer).action_return(reason="Another one")
            self.assertFalse(self._next_step(self.request))

    def test_accepted_is_the_officers_again(self):
        """R22, R24: the officer, or else a manager, is asked for the registration."""
        nobodys = self._raise_at(RAISED)
        nobodys.officer_id = False
        rejected = self._raise_at(RAISED)
        for request, outcome in (
            (self.request, "accepted"),
            (nobodys, "accepted"),
            (rejected, "rejected"),
        ):
            self._decide_at(DECIDED, request, outcome)
        self._run_cron(RELEASE)
        self.assertEqual(self._next_step(self.request).user_id, self.officer)
        told = self._next_step(nobodys)
        self.assertEqual(told.user_id, self.company._get_beneficiary_manager())
        self.assertIn("registration", told.summary)
        self.assertFalse(self._next_step(rejected))
        with freeze_time(RELEASE):
            self._advance(self.request, "registered")
        self.assertFalse(self._next_step(self.request))

    def test_ends_with_the_study(self):
        """R22: returning a request ends its reminders of delay."""
        self.assertTrue(self._told(DUE + MINUTE))
        with freeze_time(DUE + 2 * MINUTE):
            self.request.with_user(self.manager).action_return(reason="Incomplete")
        late = self.env.ref("beneficiary_relations.mail_activity_type_late")
        self.assertNotIn(late, self.request.activity_ids.activity_type_id)

    def test_raised_late(self):
        """R22: if the office raises a request late, the committee has new reminders."""
        with freeze_time(DECIDED):
            self.request.with_user(self.manager).action_return(reason="A paper")
            self.request.with_user(self.officer).action_resume()
        self.assertEqual(self._told(DUE + 4 * DAY), self.officer | self.manager)
        with freeze_time(DUE + 5 * DAY):
            self._advance(self.request, "in_review")
        late = self.env.ref("beneficiary_relations.mail_activity_type_late")
        self.assertNotIn(late, self.request.activity_ids.activity_type_id)
        voters = self.chair | self.secretary | self.member | self.member2
        self.assertEqual(self._told(DUE + 5 * DAY), voters | self.manager)

    def test_ends_with_the_request(self):
        """R22: a cancelled request has no pause and no reminders of delay."""
        with freeze_time(DECIDED):
            self.request.with_user(self.manager).action_return(reason="A paper")
            pause = self.request.pause_ids
            self.request.with_user(self.officer).action_resume()
            self.request.with_user(self.officer).action_return(reason="Another")
        self._told(DUE + MINUTE)
        with freeze_time(DUE + 2 * MINUTE):
            self.request.with_user(self.officer).action_cancel(reason="Withdrawn")
        late = self.env.ref("beneficiary_relations.mail_activity_type_late")
        self.assertNotIn(late, self.request.activity_ids.activity_type_id)
        self.assertFalse(self.request.is_paused)
        self.assertEqual(len(self.request.pause_ids - pause), 1)

    def test_told_once(self):
        """R19: the manager is told only once that the committee cannot decide."""
        self.committee.write({"quorum_type": "number", "quorum": 4})
        self._vote(self.member, "recused")
        self._vote(self.chair)
        self._vote(self.chair, "abstain")
        told = self.request.activity_ids.filtered(
            lambda activity: "Too few members" in (activity.summary or "")
        )
        self.assertEqual(len(told), 1)
        told.with_user(self.manager).action_feedback("Seen")
        self._vote(self.chair)
        self.assertEqual(self.decision.told.split(), ["shortage"])


@tagged("post_install", "-at_install")
class TestPause(LateCase):
    """Waiting for the applicant is no delay; after the wait, delay counts (R21)."""

    def _return_at(self, moment):
        with freeze_time(moment):
            self.request.with_user(self.manager).action_return(reason="A paper")

    def test_ends_when_the_applicant_has_done_it(self):
        """R21: a pause ends with the upload, or when the office resumes or verifies."""
        for number, end in enumerate(("resume", "verify", "upload")):
            with self.subTest(end=end):
                request = self.request = self._raise_at(RAISED)
                self._return_at(RAISED + DAY)
                with freeze_time(RAISED + 3 * DAY):
                    self.assertTrue(request.is_paused)
                    self.assertIn("paused", request.reply_preview)
                    self._end(end)
                    self.assertFalse(request.is_paused)
                self.assertEqual(request.reply_due_on, DUE + 2 * DAY, number)
                self.assertEqual(request.review_floor_on, FLOOR)
                with freeze_time(RAISED + 40 * DAY):
                    request.invalidate_recordset(["is_overdue"])
                    self.assertTrue(request.is_overdue)
                    found = request.search([("is_overdue", "=", True)])
                    self.assertIn(request, found)

    def _end(self, how):
        if how == "verify":
            self._advance(self.request, "verified")
        elif how == "resume":
            for user in (self.member, self.researcher, self.auditor):
                with self.assertRaises(AccessError):
                    self.request.with_user(user).action_resume()
            self.request.with_user(self.officer).action_resume()
        else:
            portal = self.request.with_user(self.applicant)
            portal._portal_upload(self.identity_type, ("a.png", PIXEL))

    def test_nothing_is_late_meanwhile(self):
        """R21: a request that waits for its applicant is not overdue."""
        self._return_at(RAISED + DAY)
        with freeze_time(RAISED + 40 * DAY):
            self.request.invalidate_recordset(["is_overdue"])
            self.assertFalse(self.request.is_overdue)
            self.assertFalse(
                self.request.search_count(
                    [("is_overdue", "=", True), ("id", "=", self.request.id)]
                )
            )
        self.assertFalse(self._told(RAISED + 40 * DAY))

    def test_the_office_is_told(self):
        """R22: when a returned request is late, its officer is reminded."""
        self._return_at(RAISED + DAY)
        with freeze_time(RAISED + 2 * DAY):
            self.request.with_user(self.officer).action_resume()
        self.assertEqual(self._told(self.request.reply_due_on + MINUTE), self.officer)

    def test_returned_again(self):
        """R21: each wait moves the due date, whoever returned the request."""
        self._return_at(RAISED + DAY)
        portal = self.request.with_user(self.applicant)
        with freeze_time(RAISED + 3 * DAY):
            portal._portal_upload(self.identity_type, ("a.png", PIXEL))
        with freeze_time(RAISED + 4 * DAY):
            self.request.with_user(self.officer).action_return(reason="Another paper")
            self.assertTrue(self.request.is_paused)
        self.assertEqual(self.request.state, "draft")
        with freeze_time(RAISED + 7 * DAY):
            # A draft waits for the applicant until it is sent.
            portal._portal_upload(self.identity_type, ("b.png", PIXEL))
            self.assertTrue(self.request.is_paused)
        with freeze_time(RAISED + 9 * DAY):
            portal._portal_submit()
            self.assertFalse(self.request.is_paused)
        self.assertEqual(self.request.reply_due_on, DUE + 7 * DAY)
        # Two more returns: the second comes during the pause of the first.
        for number, state in ((10, "submitted"), (12, "draft")):
            with freeze_time(RAISED + number * DAY):
                if state == "submitted":
                    self._advance(self.request, "verified")
                self.request.with_user(self.officer).action_return(reason="Again")
                self.assertEqual(self.request.state, state)
        with freeze_time(RAISED + 17 * DAY):
            self._advance(self.request, "submitted")
        self.assertEqual(self.request.reply_due_on, DUE + 14 * DAY)
        self.assertEqual(self.request.review_floor_on, FLOOR)
        self.assertEqual(len(self.request.pause_ids), 3)

    def test_replies_due(self):
        """R22: a returned request still owes a reply, and is listed with those due."""
        action = self.env.ref("beneficiary_relations.request_action_due")
        search = self.env.ref("beneficiary_relations.request_view_search")
        [soon] = etree.fromstring(search.arch).xpath(
            "//filter[@name='filter_due_soon']"
        )
        new = self._make_request("submitted")
        ours = [("id", "in", (self.request | new).ids)]
        self._return_at(RAISED + DAY)
        for state in ("submitted", "draft"):
            with freeze_time(DUE - 3 * DAY):
                if state == "draft":
                    self.request.with_user(self.officer).action_return(reason="Again")
                self.assertEqual(self.request.state, state)
                for domain in (action.domain, soon.get("domain")):
                    found = self.request.search(ours + literal_eval(domain))
                    self.assertEqual(found, self.request)

    def test_pauses_are_a_setting(self):
        """R21: if the association counts waiting time, no return pauses the clock."""
        self.company.beneficiary_pause_when_returned = False
        self._return_at(RAISED + DAY)
        with freeze_time(RAISED + 2 * DAY):
            self.request.with_user(self.officer).action_return(reason="Again")
        self.assertFalse(self.request.pause_ids)

    def test_settings_of_today_are_for_others(self):
        """R21: a pause moves the due date by its own length, whatever the settings."""
        self._return_at(RAISED + DAY)
        self.company.beneficiary_grace_days = 30
        self.service.review_days = 60
        with freeze_time(RAISED + 2 * DAY):
            self.request.with_user(self.officer).action_resume()
        self.assertEqual(self.request.reply_due_on, DUE + DAY)


@tagged("post_install", "-at_install")
class TestRecusedLeader(LateCase):
    """A recused leader leads no study, and nobody takes a vote from others (R19)."""

    def test_recused_chair(self):
        """R19: a recused chair neither returns a request nor releases it early."""
        self._vote(self.chair, "recused")
        with self.assertRaises(AccessError):
            self.request.with_user(self.chair).action_return(reason="My brother's")
        for user in (self.secretary, self.member, self.member2):
            self._vote(user)
        with freeze_time(DECIDED):
            self.decision.with_user(self.secretary).action_close_vote()
            with self.assertRaises(AccessError):
                self.request.with_user(self.chair).action_release(reason="Urgent")

    def test_renewed_term(self):
        """R19: a new term gives a new ballot, but an interest still recuses."""
        with freeze_time(DECIDED):
            self._vote(self.member, "recused")
            for user in (self.chair, self.member):
                self.seats[user].date_to = "2026-03-19"
                self.committee.member_ids = [
                    Command.create(
                        {
                            "user_id": user.id,
                            "role": self.seats[user].role,
                            "date_from": "2026-03-20",
                        }
                    )
                ]
            for user in (self.chair, self.secretary, self.member2):
                self._vote(user)
            with self.assertRaisesRegex(AccessError, "recused"):
                self._vote(self.member)
            self.assertEqual(self.decision._get_result().base, 3)
            self.decision.with_user(self.chair).action_close_vote()
        self.assertEqual(self.decision.outcome, "accepted")

    def test_officers_take_no_vote(self):
        """R19: only a manager connects a colleague to a file.

        The manager is told of the vote that is taken back.
        """
        self._vote(self.member, "reject")
        with self.assertRaisesRegex(ValidationError, "A manager connects"):
            self.file.with_user(self.officer).portal_user_ids = [
                Command.link(self.member.id)
            ]
        with self.assertRaisesRegex(ValidationError, "A manager connects"):
            self.file.with_user(self.officer).representative_ids = [
                Command.create({"name": "وكيل", "user_id": self.member.id})
            ]
        self.file.with_user(self.manager).portal_user_ids = [
            Command.link(self.member.id)
        ]
        told = self.request.activity_ids.filtered(
            lambda activity: "taken back" in (activity.summary or "")
        )
        self.assertEqual(told.user_id, self.manager)

    def test_returned_votes_stay_closed(self):
        """R19: a manager who returns a request does not learn who voted what."""
        self._vote(self.member, "reject")
        with freeze_time(DECIDED):
            self.request.with_user(self.manager).action_return(reason="A paper")
        votes = self.env["beneficiary.vote"].with_user(self.manager)
        self.assertFalse(votes.search([("decision_id", "=", self.decision.id)]))

    def test_former_voter(self):
        """R19: a former member reads no other votes of an open study."""
        self._vote(self.member, "accept")
        votes = self.env["beneficiary.vote"].with_user(self.member)
        domain = [("decision_id", "=", self.decision.id)]
        with freeze_time(DECIDED):
            self.assertEqual(len(votes.search(domain)), 4)
            self.seats[self.member].date_to = "2026-03-16"
            self.env.invalidate_all()
            self.assertEqual(votes.search(domain).user_id, self.member)
            self.assertFalse(self.decision.with_user(self.member).has_access("read"))
