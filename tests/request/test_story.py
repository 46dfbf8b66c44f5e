from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..front_desk.common import InteractionCase


@tagged("post_install", "-at_install")
class TestStory(InteractionCase, HttpCase):
    """One page tells everything that happened with a request, to each reader theirs."""

    def _tell(self, request, user):
        self.env.invalidate_all()
        days = request.with_user(user)._get_story()
        return [event for _day, events in days for event in events]

    def _titles(self, request, user):
        return [event["title"] for event in self._tell(request, user)]

    def _make_rich(self, state):
        request = self._make_request("submitted")
        referral = self.env["beneficiary.referral"].with_user(self.officer)
        referral = referral._send(
            request.with_user(self.officer), self.researcher, "Which paper?"
        )
        referral.with_user(self.researcher).action_answer("The lease is enough.")
        self._log(request_id=request.id, outcome="Explained")
        self._log(
            request_id=request.id,
            subject="A secret",
            kind="complaint",
            is_confidential=True,
            user=self.manager,
        )
        request.with_user(self.officer).message_post(
            body="Please bring the lease", subtype_xmlid="mail.mt_comment"
        )
        self._advance(request, state)
        return request

    def test_everything_in_order(self):
        """R10, R20, R25: steps, papers, notices, votes, deliveries and messages."""
        request = self._make_rich("delivered")
        titles = self._titles(request, self.manager)
        for words in (
            "Reception",
            "Handed over: ",
            "Matched: ",
            "Referred: ",
            "Answered: ",
            "Vote: Accept",
            "The reply left: ",
            "Notice: Reply",
            "Receipt signed: ",
            "A secret",
            "Message",
        ):
            with self.subTest(words=words):
                self.assertTrue(any(words in title for title in titles), titles)

    def test_nothing_before_the_reply(self):
        """R21: neither decision nor votes are told before the reply has left."""
        request = self._make_rich("decided")
        for user in (self.chair, self.member, self.officer, self.manager):
            with self.subTest(user=user.login):
                titles = " ".join(self._titles(request, user))
                self.assertNotIn("Vote", titles)
                self.assertNotIn("The reply left", titles)

    def test_each_reads_their_own(self):
        """R21, R43: no votes for officers, no confidential contact for others, nothing
        for applicants and strangers."""
        request = self._make_rich("delivered")
        for user in (self.officer, self.delegate):
            titles = " ".join(self._titles(request, user))
            self.assertNotIn("Vote", titles)
            self.assertNotIn("A secret", titles)
        for user in (self.applicant, self.outsider, self.stranger, self.far_delegate):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._titles(request, user)

    def test_the_page(self):
        """R44: the page is shown in the browser, in Arabic, and can be printed."""
        request = self._make_rich("accepted")
        self.officer.lang = "ar_001"
        action = request.with_user(self.officer).action_open_story()
        self.assertEqual(action["report_type"], "qweb-html")
        self.authenticate(self.officer.login, self.officer.login.ljust(8, "x"))
        url = f"/report/html/beneficiary_relations.request_story/{request.id}"
        page = self.url_open(url)
        self.assertEqual(page.status_code, 200)
        for words in (request.name, "Please bring the lease", 'dir="rtl"'):
            self.assertIn(words, page.text)
        self.authenticate(self.applicant.login, self.applicant.login.ljust(8, "x"))
        with mute_logger("odoo.http"):  # the refusal is logged
            self.assertNotIn("Please bring the lease", self.url_open(url).text)

    def test_queries(self):
        """Scale: the page takes as many queries for two notices as for ten."""
        request = self._make_rich("delivered")
        self._tell(request, self.officer)

        def count():
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            request.with_user(self.officer)._get_story()
            return self.env.cr.sql_log_count - start

        before = count()
        for number in range(8):
            self._log(request_id=request.id, subject=f"Call {number}")
        self.env.flush_all()
        self.assertLessEqual(count(), before + 1)
