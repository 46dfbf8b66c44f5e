from datetime import datetime, timedelta

from freezegun import freeze_time
from lxml import etree, html

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import LAST, RAISED, REPLIED, AppealCase, PortalCase, select


@tagged("post_install", "-at_install", "with_demo")
class TestAppeal(AppealCase):
    def test_studied_by_others(self):
        """R42: an appeal is studied by members who did not vote on the decision."""
        others = [
            self._seat(f"br_new_{number}", role=role)
            for number, role in ((1, "secretary"), (2, "member"))
        ]
        decision = self._appeal()
        self.assertEqual(self.request.state, "in_review")
        self.assertEqual((self.request.round, decision.round), (2, 2))
        recused = decision.vote_ids.filtered(lambda vote: vote.choice == "recused")
        self.assertEqual(recused.user_id, self.chair | self.member | self.member2)
        self.assertEqual(
            set(recused.mapped("reason")),
            {"The member voted on the decision appealed against."},
        )
        self.assertEqual(decision.appeal_reason, "My income fell since")
        for voter in others:
            decision.with_user(voter).action_vote("accept")
        with self.assertRaisesRegex(AccessError, "You are recused"):
            decision.with_user(self.chair).action_vote("reject", "Again")
        with self.assertRaisesRegex(AccessError, "You are recused"):
            decision.with_user(self.chair).action_close_vote()
        decision.with_user(others[0]).action_close_vote()
        self.assertEqual(decision.outcome, "accepted")
        # The first decision has not changed.
        self.assertEqual(self.first.outcome, "rejected")
        self.assertEqual(len(self.first.vote_ids.filtered("choice")), 3)

    def test_own_clock(self):
        """R42, R21: an appeal has its own clock; the first decision keeps its dates."""
        appealed = REPLIED + timedelta(days=3)
        decision = self._appeal(appealed)
        self.assertEqual(self.request.raised_on, appealed)
        self.assertEqual(self.request.review_floor_on, appealed + timedelta(days=14))
        self.assertEqual(decision.review_floor_on, self.request.review_floor_on)
        self.assertFalse(self.request.released_on)
        self.assertEqual(self.first.released_on, REPLIED)
        self.assertEqual(self.first.raised_on, RAISED)
        self.assertEqual(self.first.early_release_reason, "Urgent")

    def test_period(self):
        """R42: an appeal is filed until the end of its last day in Riyadh."""
        self.assertEqual(self.request.appeal_until, LAST)
        with self.assertRaisesRegex(UserError, "ended on 2026-04-15"):
            self._appeal(LAST + timedelta(seconds=1))
        self.assertEqual(self.request.state, "rejected")
        self._appeal(LAST)
        self.assertEqual(self.request.state, "in_review")

    def test_period_is_a_setting(self):
        """R42: the association sets the days for an appeal, at least one.

        The last day in a letter that was sent does not change.
        """
        self.company.beneficiary_appeal_days = 3
        self.env.invalidate_all()
        self.assertEqual(self.request.appeal_until, LAST)
        with freeze_time(RAISED):
            later = self._make_request("in_review")
            self._decide(later, "rejected")
        with freeze_time(REPLIED):
            later.with_user(self.manager).action_release(reason="Urgent")
        self.assertEqual(later.appeal_until, LAST - timedelta(days=27))
        with self.assertRaisesRegex(UserError, "at least one day"):
            self.company.beneficiary_appeal_days = 0

    def test_offered_while_it_may_be_filed(self):
        """R42: the button for an appeal is shown only while an appeal is possible."""
        arch = self.request.with_user(self.officer).get_view(view_type="form")["arch"]
        [button] = [
            button
            for button in etree.fromstring(arch).iter("button")
            if "'default_move': 'appeal'" in button.get("context", "")
        ]
        self.assertEqual(button.get("invisible"), "not can_appeal")

        def is_offered(moment, user=self.officer):
            self.env.invalidate_all()
            with freeze_time(moment):
                return self.request.with_user(user).can_appeal

        self.assertTrue(is_offered(LAST))
        self.assertFalse(is_offered(LAST, self.auditor))
        self.assertFalse(is_offered(LAST + timedelta(seconds=1)))
        self._deliver_notices(self.request)
        self.request.with_user(self.officer).action_close()
        self.assertTrue(is_offered(LAST))
        self._appeal()
        self.assertFalse(is_offered(LAST))

    def test_once(self):
        """R42: only one appeal is possible; after it a manager may still reopen."""
        for number in (1, 2):
            self._seat(
                f"br_new_{number}", role="secretary" if number == 1 else "member"
            )
        decision = self._appeal()
        voters = decision.vote_ids.filtered(lambda vote: not vote.choice).user_id
        with freeze_time(REPLIED + timedelta(days=20)):
            for voter in voters:
                decision.with_user(voter).action_vote("reject", "No change")
            secretary = self.committee.member_ids.filtered(
                lambda seat: seat.role == "secretary"
            ).user_id
            decision.with_user(secretary).action_close_vote(
                "No change", self.rejection_reason.id
            )
            self.request.with_user(self.officer).action_release()
        self.assertEqual(self.request.state, "rejected")
        with self.assertRaisesRegex(UserError, "only one appeal"):
            self._appeal(REPLIED + timedelta(days=21))
        self.request.with_user(self.manager).action_reopen(reason="A new law")
        self.assertEqual(self.request.state, "submitted")

    def test_closing_takes_no_right_away(self):
        """R42: closing a rejected request does not end the right to appeal."""
        self._deliver_notices(self.request)
        self.request.with_user(self.officer).action_close()
        self._appeal()
        self.assertEqual(self.request.state, "in_review")

    def test_too_few_remain(self):
        """R42: if too few members can vote, a message says so and what to do."""
        decision = self._appeal()
        self.assertIn("Members missing: 2", decision.shortage)
        self.assertIn("under Committees", decision.shortage)
        told = self.request.activity_ids.filtered(
            lambda activity: activity.user_id == self.manager
        )
        self.assertIn("Too few members", "".join(told.mapped("summary")))
        # Managers seat members but read no open study: the request warns them.
        on_request = self.request.with_user(self.manager).shortage
        self.assertEqual(on_request, decision.shortage)
        others = [self._seat(f"br_new_{number}") for number in (1, 2)]
        decision.invalidate_recordset()
        self.assertNotIn("missing", decision.shortage)
        self.assertEqual(
            len(decision.vote_ids.filtered(lambda vote: not vote.choice)), 2
        )
        # Two plain members can vote, but nobody could close the vote.
        self.assertIn("seats a secretary", decision.shortage)
        told = self.request.activity_ids.filtered(
            lambda activity: activity.user_id == self.manager
        )
        self.assertIn("Nobody may close the vote", "".join(told.mapped("summary")))
        secretary = self._seat("br_new_3", role="secretary")
        decision.invalidate_recordset()
        self.assertFalse(decision.shortage)
        for voter in (*others, secretary):
            decision.with_user(voter).action_vote("accept")
        decision.with_user(secretary).action_close_vote()
        self.assertEqual(decision.outcome, "accepted")

    def test_committee_for_appeals(self):
        """R42: an appeal goes to the committee for appeals, if there is one."""
        users = [
            self._make_user(f"br_judge_{number}", "committee", self.company)
            for number in (1, 2)
        ]
        appeals = self.env["beneficiary.committee"].create(
            {
                "name": "Appeals",
                "company_id": self.company.id,
                "member_ids": [
                    Command.create({"user_id": users[0].id, "role": "chair"}),
                    Command.create({"user_id": users[1].id}),
                ],
            }
        )
        self.committee.appeal_committee_id = appeals
        decision = self._appeal()
        self.assertEqual(decision.committee_id, appeals)
        self.assertEqual(decision.vote_ids.user_id, users[0] | users[1])
        self._check_rejection_is_read(decision.with_user(users[1]))
        self.assertFalse(decision.vote_ids.mapped("choice")[0])
        # The first voters still read their decision, but not the appeal.
        first = self.first.with_user(self.member)
        self.assertTrue(first.has_access("read"))
        self.assertFalse(decision.with_user(self.member).has_access("read"))

    def _check_rejection_is_read(self, decision):
        """Check that a voter reads the reply to the applicant, and no more of it."""
        first = self.first.with_user(decision.env.user)
        self.assertFalse(first.has_access("read"))
        self.env.invalidate_all()
        # The words are those of the letter, in the applicant's language.
        words = self.rejection_reason.with_context(lang="ar_001").name
        shown = self.first.letter_number, words, self.first.reason
        self.assertTrue(all(shown))
        self.assertEqual(
            (
                decision.appealed_letter_number,
                decision.appealed_rejection_reason,
                decision.appealed_words,
            ),
            shown,
        )
        for words in shown:
            self.assertIn(words, decision.study_sheet)
        for voter in self.first.vote_ids.user_id:
            self.assertNotIn(voter.name, decision.study_sheet)

    def test_only_rejections(self):
        """R42: only a rejection whose reply has left can be appealed against."""
        accepted = self._make_request("accepted")
        held = self._make_request("in_review")
        self._decide(held, "rejected")
        for request in (accepted, held):
            with self.assertRaises(UserError):
                request.with_user(self.officer).action_appeal(
                    reason="Please", channel_id=self._channel("phone").id
                )
        for reason in (None, " "):
            with self.assertRaisesRegex(UserError, "Write the reason"):
                self.request.with_user(self.officer).action_appeal(
                    reason=reason, channel_id=self._channel("phone").id
                )
        for channel_id in (None, "x", 2**31, 0):
            with self.assertRaisesRegex(UserError, "Choose a channel"):
                self.request.with_user(self.officer).action_appeal(
                    reason="Please", channel_id=channel_id
                )

    def test_is_told_of_committee_and_period(self):
        """R17, R42: the notice of the new study is recorded in the new round."""
        self._appeal()
        step = self.request._get_steps("notify")
        self.assertEqual((step.round, step.doer_id), (2, self.officer))
        self.assertEqual(step.evidence, self.request.policy_id.notice_text)
        self.assertEqual(step.channel_id, self._channel("phone"))
        told = self.request.notice_ids.filtered(
            lambda notice: (notice.event, notice.round) == ("review_notice", 2)
        )
        self.assertEqual(set(told.mapped("channel")), {"email", "sms"})
        # The verification and the declaration are still valid.
        self.assertTrue(self.request._get_steps("verify"))
        self.assertTrue(self.request._is_declared())


@tagged("post_install", "-at_install")
class TestReopen(AppealCase):
    def test_reopen(self):
        """R42: a manager reopens a request with a reason, which the applicant reads.

        The steps begin again.
        """
        for user in (self.officer, self.delegate, self.chair, self.auditor):
            with self.assertRaises(AccessError):
                self.request.with_user(user).action_reopen(reason="A new law")
        with self.assertRaisesRegex(UserError, "Write the reason"):
            self.request.with_user(self.manager).action_reopen()
        self.request.with_user(self.manager).action_reopen(reason="A new law")
        self.assertEqual(self.request.state, "submitted")
        self.assertEqual(self.request.reopen_reason, "A new law")
        self.assertEqual(self.request.note_to_applicant, "A new law")
        self.assertFalse(self.request.raised_on)
        self.assertFalse(self.request.declaration_id)
        told = self.request.notice_ids.filtered(lambda notice: notice.round == 2)
        self.assertEqual(set(told.mapped("event")), {"reopened"})
        mail = told.filtered(lambda notice: notice.channel == "email")
        self.assertIn("A new law", mail.mail_message_id.body)
        step = self.env.ref("beneficiary_relations.mail_activity_type_next_step")
        asked = self.request.activity_ids.filtered(
            lambda activity: activity.activity_type_id == step
        )
        self.assertEqual(asked.user_id, self.officer)
        self._advance(self.request, "in_review")
        decision = self.request._get_current_decision()
        # This is no appeal: the whole committee studies the request.
        self.assertFalse(any(decision.vote_ids.mapped("choice")))

    def test_reopened_after_an_appeal(self):
        """R42: a request reopened after an appeal goes to the first committee.

        The whole committee studies it.
        """
        judges = self.env["beneficiary.committee"].create(
            {
                "name": "Appeals",
                "company_id": self.company.id,
                "member_ids": [
                    Command.create(
                        {
                            "user_id": self._make_user(
                                f"br_judge_{role}", "committee", self.company
                            ).id,
                            "role": role,
                        }
                    )
                    for role in ("chair", "member")
                ],
            }
        )
        self.committee.appeal_committee_id = judges
        decision = self._appeal()
        with freeze_time(REPLIED + timedelta(days=20)):
            for voter in judges.member_ids.user_id:
                decision.with_user(voter).action_vote("reject", "No change")
            decision.with_user(judges.member_ids[0].user_id).action_close_vote(
                "No change", self.rejection_reason.id
            )
            self.request.with_user(self.officer).action_release()
            self.assertFalse(decision._get_appeal_day())
            self._check_letter_on_appeal(decision)
            self.request.with_user(self.manager).action_reopen(reason="A new law")
            self.assertEqual(self.request.committee_id, self.committee)
            self._advance(self.request, "in_review")
        again = self.request._get_current_decision()
        self.assertFalse(any(again.vote_ids.mapped("choice")))
        self.assertFalse(again.appeal_reason)
        self.assertEqual(decision.appeal_reason, "My income fell since")

    def _check_letter_on_appeal(self, decision):
        """The letter names the rejection that it replaces, and its reissued number."""
        self.file.lang = "en_US"
        sentence = "the rejection in the letter "
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "beneficiary_relations.decision_letter", (self.first + decision).ids
        )
        papers = page.decode().split('class="o_br_paper"')
        first, second = (
            " ".join(html.fromstring(f"<p {paper}").text_content().split())
            for paper in papers[1:]
        )
        self.assertNotIn(sentence, first)
        self.assertIn(f"{sentence}{self.first.letter_number}", second)
        self.assertIn("16 March 2026", second)

    def test_accepted_is_not_reopened(self):
        """R42: only a rejected request can be reopened."""
        closed = self._make_request("closed")
        with self.assertRaisesRegex(UserError, "Only a rejection"):
            closed.with_user(self.manager).action_reopen(reason="Again")


@tagged("post_install", "-at_install")
class TestAppealPortal(AppealCase, PortalCase):
    def setUp(self):
        super().setUp()
        # The browser's time is not frozen.
        self.first._leave(datetime.now() - timedelta(days=1))
        self.path = f"/my/requests/{self.request.id}"

    def test_appeal(self):
        """R42, R26: the applicant appeals on the page, once."""
        page = self._get(self.path)
        self.assertTrue(select(page, ".o_br_appeal"))
        answer = self._post(f"{self.path}/appeal", {"appeal": "  "})
        self.assertTrue(
            select(html.fromstring(answer.content), ".o_br_appeal textarea.is-invalid")
        )
        self._post(f"{self.path}/appeal", {"appeal": "دخلي تغيّر"})
        self.assertEqual(self.request.state, "in_review")
        appeal = self.request.appeal_ids
        self.assertEqual(
            (appeal.reason, appeal.filed_by_id, appeal.on_portal),
            ("دخلي تغيّر", self.applicant, True),
        )
        news = self.env.ref("beneficiary_relations.mail_activity_type_portal")
        told = self.request.activity_ids.filtered(
            lambda activity: activity.activity_type_id == news
        )
        self.assertEqual(told.user_id, self.officer)
        page = self._get(self.path)
        self.assertFalse(select(page, ".o_br_appeal"))
        self.assertTrue(select(page, ".o_br_appealed"))
        earlier = select(page, ".o_br_earlier dd[data-outcome=rejected]")
        self.assertTrue(earlier, "the earlier reply stays readable")
        self._post(f"{self.path}/appeal", {"appeal": "Again"})
        self.assertEqual(len(self.request.appeal_ids), 1)

    def test_reopened(self):
        """R42, R26: the page says that the request is reopened; it asks nothing yet."""
        self.request.with_user(self.manager).action_reopen(reason="A new law")
        page = self._get(self.path)
        self.assertIn("A new law", select(page, ".o_br_note")[0].text_content())
        self.assertTrue(select(page, ".o_br_note .o_br_reopened"))
        # A later return shows its own reason.
        self.request.with_user(self.officer).action_return(reason="A newer lease")
        page = self._get(self.path)
        self.assertIn("A newer lease", select(page, ".o_br_note")[0].text_content())
        self.assertFalse(select(page, ".o_br_reopened"))

    def test_foreign(self):
        """R42, R43: a neighbour cannot appeal, and a link alone does not appeal."""
        self._sign_in(self.neighbour)
        self._post(f"{self.path}/appeal", {"appeal": "For him"})
        self.assertEqual(self.request.state, "rejected")
        self._sign_in(self.applicant)
        self.url_open(f"{self.path}/appeal?appeal=x")
        self.assertEqual(self.request.state, "rejected")

    def test_held_rejection(self):
        """R21: a rejection that is still held offers no appeal."""
        held = self._make_request("in_review")
        self._decide(held, "rejected")
        path = f"/my/requests/{held.id}"
        self.assertFalse(select(self._get(path), ".o_br_appeal"))
        self._post(f"{path}/appeal", {"appeal": "Please"})
        self.assertEqual(held.state, "decided")
        self.assertFalse(held.appeal_ids)
