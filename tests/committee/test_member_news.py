from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import SessionCase

FAR = {"start": "2099-01-05 07:00:00", "stop": "2099-01-05 09:00:00"}


class NewsCase(SessionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls.chair | cls.secretary | cls.member | cls.member2
        (cls.members | cls.manager).lang = "en_US"

    def setUp(self):
        super().setUp()
        self.env["mail.mail"].search([]).unlink()
        self.env["sms.sms"].search([]).unlink()

    def _mails(self):
        return self.env["mail.mail"].search([("state", "=", "outgoing")])

    def _texts(self):
        return self.env["sms.sms"].search([])

    def _told(self):
        """Return ``{user: e-mail}``; nobody has two of them."""
        mails = {mail.recipient_ids.user_ids: mail for mail in self._mails()}
        self.assertEqual(len(mails), len(self._mails()))
        return mails

    def _prefer_text(self, user):
        user.partner_id.phone = "+966500000007"
        user.committee_news_by = "sms"


@tagged("post_install", "-at_install")
class TestMemberNews(NewsCase):
    """Members are told the same minute (R19)."""

    def test_a_vote_is_asked(self):
        """R19: raising tells each member: due at once, by e-mail, with a link to it."""
        self.member.tz = "Asia/Riyadh"  # the badge counts the days of its reader
        request = self._raise()
        today = self.company._get_beneficiary_today()
        asked = request.activity_ids.filtered(
            lambda activity: activity.activity_category == "beneficiary_vote"
        )
        self.assertEqual(asked.user_id, self.members)
        self.assertEqual(set(asked.mapped("date_deadline")), {today})
        [group] = [
            group
            for group in self.env["res.users"]
            .with_user(self.member)
            .with_context(allowed_company_ids=self.company.ids)
            ._get_activity_groups()
            if group["model"] == "beneficiary.request"
        ]
        self.assertEqual(group["today_count"], 1, "the badge counts it")
        told = self._told()
        self.assertEqual(set(told), set(self.members))
        mail = told[self.member]
        self.assertIn(request.name, mail.subject)
        link = f"/odoo/beneficiary-decisions/{request.decision_ids.id}"
        self.assertIn(link, mail.body_html)
        self.assertIn("500.00", mail.body_html)
        self.assertNotIn(request.beneficiary_id.name, mail.body_html, "no person")
        self.assertFalse(mail.model, "it belongs to no record")
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertTrue(triggers, "the queue does not wait for its hour")

    def test_nobody_follows(self):
        """R21: no member comes to follow a request by being told of it."""
        request = self._raise()
        followers = request.message_partner_ids
        self.assertFalse(followers & self.members.partner_id)
        self.assertFalse(self.applicant.partner_id in self._mails().recipient_ids)

    def test_the_link_opens_the_vote(self):
        """R19: the action of the link shows the decision with the vote to cast."""
        decision = self._raise().decision_ids
        action = self.env.ref("beneficiary_relations.decision_action")
        self.assertEqual(action.path, "beneficiary-decisions")
        seen = decision.with_user(self.member)
        form = seen.get_view(view_type="form")
        self.assertIn('string="Vote"', form["arch"])
        self.assertTrue(seen.can_vote)

    def test_no_sample_rows(self):
        """R19: a list to which a message leads shows no invented rows."""
        for model in (
            "beneficiary.vote",
            "beneficiary.decision",
            "beneficiary.committee.session",
        ):
            views = self.env["ir.ui.view"].search(
                [("model", "=", model), ("type", "in", ("list", "kanban"))]
            )
            self.assertTrue(views)
            for view in views:
                with self.subTest(view=view.name):
                    self.assertNotIn("sample=", view.arch)

    def test_digest(self):
        """R19: several votes asked at once make one message, with all links."""
        requests = self.env["beneficiary.request"].union(
            *(self._make_request("declared") for _number in range(3))
        )
        for request in requests:
            request.with_user(self.officer).action_notify(
                channel_id=self._channel("phone").id, text="Told"
            )
        self._mails().unlink()
        self._prefer_text(self.member)
        requests.with_user(self.officer).action_raise()
        told = self._told()
        self.assertEqual(set(told), set(self.members - self.member))
        mail = told[self.chair]
        self.assertEqual(mail.subject, "Waiting for you: 3")
        for decision in requests.decision_ids:
            path = f"/odoo/beneficiary-decisions/{decision.id}"
            self.assertIn(path, mail.body_html)
        [text] = self._texts()
        self.assertEqual((text.number, text.state), ("+966500000007", "outgoing"))
        self.assertIn("Waiting for you: 3", text.body)
        self.assertIn("/odoo/beneficiary-votes", text.body)

    def test_preference(self):
        """R19: members choose for themselves, and nobody goes without news."""
        preferences = Form(
            self.member.with_user(self.member),
            "base.view_users_form_simple_modif",
        )
        self.assertEqual(preferences.committee_news_by, "email")
        self.member.with_user(self.member).committee_news_by = "sms"
        with self.assertRaises(AccessError):
            self.member2.with_user(self.member).committee_news_by = "sms"
        self.member2.email = False
        self.member2.partner_id.phone = "+966500000008"
        request = self._raise()
        self.assertEqual(
            set(self._told()), set(self.members - self.member2), "no phone: by e-mail"
        )
        [text] = self._texts()
        self.assertEqual(text.partner_id, self.member2.partner_id)
        self.assertIn(
            f"/odoo/beneficiary-decisions/{request.decision_ids.id}", text.body
        )

    def test_language(self):
        """R44: each member is told in their own language, from right to left."""
        template = self.env.ref("beneficiary_relations.mail_member_news")
        template.update_field_translations("arch_db", {"ar_001": {"Dear": "المكرّم"}})
        self.member.lang = "ar_001"
        self.service.with_context(lang="ar_001").name = "سلة غذائية"
        self._raise()
        told = self._told()
        self.assertIn('dir="rtl"', told[self.member].body_html)
        self.assertIn("المكرّم", told[self.member].body_html)
        self.assertIn("سلة غذائية", told[self.member].body_html)
        self.assertIn('dir="ltr"', told[self.member2].body_html)
        self.assertIn("Food basket", told[self.member2].body_html)

    def test_new_proposal(self):
        """R19: a changed proposal is told with the old and the new amount."""
        decision = self._raise().decision_ids
        decision.with_user(self.member).action_vote("recused", "A relative")
        self._mails().unlink()
        decision.with_user(self.chair).action_propose(amount=200)
        told = self._told()
        self.assertEqual(set(told), set(self.members - self.member))
        self.assertIn("500.00", told[self.member2].subject)
        self.assertIn("200.00", told[self.member2].subject)

    def test_reminded(self):
        """R22: who is reminded of a vote is told outside the screen too."""
        request = self._raise()
        request.decision_ids.with_user(self.member).action_vote("accept")
        self._mails().unlink()
        request._escalate("1_member", "_get_waited_for_users")
        told = self._told()
        self.assertEqual(set(told), set(self.members - self.member))
        self.assertIn("The reply is due soon", told[self.chair].subject)
        self._mails().unlink()
        request._escalate("3_manager", "_get_manager_users")
        self.assertFalse(self._mails(), "managers vote on nothing")

    def test_constant(self):
        """Scale: telling twice as many members takes as many queries."""

        def count(people):
            decision = self._make_request("in_review").decision_ids
            votes = decision.vote_ids.filtered(lambda vote: vote.user_id in people)
            wanted = [
                (
                    vote.user_id,
                    lambda env, vote=vote: vote.decision_id._get_news(env, self._title),
                )
                for vote in votes
            ]
            news = self.env["beneficiary.member.news"]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            news._tell(self.company, wanted)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        more = self._make_users(
            *((f"br_more_{number}", "committee", self.company) for number in range(4))
        )
        self.committee.member_ids = [
            Command.create({"user_id": user.id}) for user in more
        ]
        groups = (self.members, self.members | more)
        for people in groups:  # fills the caches
            count(people)
        small, large = map(count, groups)
        # One query reads the accounts that were not read with the committee's.
        self.assertLessEqual(large - small, 1)

    @staticmethod
    def _title(env):
        return env._("Your vote is asked")


@tagged("post_install", "-at_install")
class TestSessionNews(NewsCase):
    """Sessions that are planned, moved or cancelled, and minutes to sign (R19)."""

    def test_invited(self):
        """R19: members are invited in our words, with answers and a calendar file."""
        session = self._plan(**FAR)
        told = self._told()
        self.assertEqual(set(told), set(self.members - self.secretary))
        mail = told[self.member]
        self.assertIn(session.name, mail.subject)
        self.assertIn(f"/odoo/beneficiary-sessions/{session.id}", mail.body_html)
        self.assertIn("Meeting room", mail.body_html)
        invitation = session.calendar_event_id.attendee_ids.filtered(
            lambda attendee: attendee.partner_id == self.member.partner_id
        )
        self.assertIn(f"accept?token={invitation.access_token}", mail.body_html)
        others = session.calendar_event_id.attendee_ids - invitation
        for token in others.mapped("access_token"):
            self.assertNotIn(token, mail.body_html)
        self.assertEqual(mail.attachment_ids.mapped("name"), ["invitation.ics"])

    def test_moved(self):
        """R19: a session that moves is told with the reason and both times."""
        session = self._plan(**FAR)
        self._mails().unlink()
        with freeze_time("2026-03-20 07:00:00"):
            self._as("chair", session).action_postpone(
                "The hall is taken", "2099-02-05 07:00:00"
            )
        told = self._told()
        self.assertEqual(set(told), set(self.members - self.chair))
        body = told[self.member].body_html
        self.assertIn("The hall is taken", body)
        self.assertIn("5 February 2099", body)
        self.assertIn("5 January 2099", body)
        self._mails().unlink()
        self._as("chair", session).place = "The old hall"
        self.assertIn("The old hall", self._told()[self.member].body_html)
        self._mails().unlink()
        self._as("chair", session).place = "The old hall"
        self.assertFalse(self._mails(), "nothing changed")

    def test_cancelled(self):
        """R19: a cancelled session is told with the reason, as members prefer."""
        session = self._plan(**FAR)
        self._mails().unlink()
        self._prefer_text(self.member)
        self._as("manager", session).action_cancel("The chair travels")
        told = self._told()
        self.assertEqual(set(told), set(self.members - self.member))
        self.assertIn("The chair travels", told[self.chair].body_html)
        [text] = self._texts()
        self.assertIn("cancelled", text.body)
        self.assertIn(session.name, text.body)

    def test_to_sign(self):
        """R19: who was present is asked by message too to sign the minutes."""
        session = self._reach("open", **FAR)
        self._mark_all(session, absent=self.member2)
        self._mails().unlink()
        self._as("chair", session).action_end()
        told = self._told()
        self.assertEqual(set(told), {self.secretary, self.member})
        body = told[self.member].body_html
        self.assertIn(f"/odoo/beneficiary-sessions/{session.id}", body)
        self.assertNotIn("accept?token", body)

    def test_language(self):
        """R44: the invitation is in each member's language, the date too."""
        self.member.lang = "ar_001"
        self._plan(**FAR)
        told = self._told()
        self.assertIn('dir="rtl"', told[self.member].body_html)
        self.assertIn("يناير", told[self.member].body_html)
        self.assertIn("January", told[self.chair].body_html)

    def test_new_member(self):
        """R19: a member who is seated later is invited, and the others not again."""
        self._plan(**FAR)
        self._mails().unlink()
        self.committee.with_user(self.manager).member_ids = [
            Command.create({"user_id": self.former.id, "date_from": "2021-01-01"})
        ]
        self.assertEqual(set(self._told()), {self.former})


@tagged("post_install", "-at_install")
class TestRoom(NewsCase):
    """The committee's screens offer what is possible, in the order of urgency."""

    def test_waiting_votes_in_order(self):
        """R19: votes wait in the order in which their replies are due."""
        requests = self._raise(3)
        for request, day in zip(requests, (20, 5, 12), strict=True):
            request._write_flow({"reply_due_on": f"2026-04-{day:02} 07:00:00"})
        votes = self._as("member", self.env["beneficiary.vote"])
        for view_type in ("list", "kanban"):
            arch = votes.get_view(view_type=view_type)["arch"]
            order = arch.split('default_order="')[1].split('"')[0]
            found = votes.search([("user_id", "=", self.member.id)], order=order)
            expected = requests[1] | requests[2] | requests[0]
            self.assertEqual(list(found.request_id), list(expected))

    def test_recused_chair(self):
        """R42: who stepped aside is not offered what is refused."""
        request = self._raise()
        session = self._plan(**FAR)
        self._as("chair", session).action_fill_agenda()
        self._as("chair", request.decision_ids).action_vote("recused", "A relative")
        self.env.invalidate_all()
        for actor, expected in (
            ("chair", False),
            ("secretary", True),
            ("member", False),
            ("manager", False),
        ):
            item = self._as(actor, session.item_ids)
            with self.subTest(actor=actor):
                self.assertEqual(item.can_settle, expected)
        decision = self._as("chair", request.decision_ids)
        self.assertFalse(decision.leads or decision.can_close or decision.can_vote)
        arch = self._as("chair", session).get_view(view_type="form")["arch"]
        for name in ("action_study", "postpone_item"):
            for part in arch.split(name)[1:]:
                self.assertIn("not can_settle", part.split(">")[0])

    def test_nothing_is_green_before_it_is_marked(self):
        """R19: only a status that was marked has a colour on the attendance list."""
        arch = self._as("chair", self._plan()).get_view(view_type="form")["arch"]
        button = arch.split('name="action_mark_present"')[1].split(">")[0]
        self.assertNotIn("success", button)
