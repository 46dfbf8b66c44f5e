from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import NoticeCase


@tagged("post_install", "-at_install")
class TestReplyGiven(NoticeCase):
    """R20: a request is closed once its reply was given; until then it says so."""

    def _close(self, request, user=None):
        records = request.with_user(user or self.officer)
        return call_kw(records, "action_close", [records.ids], {})

    def _carry(self, request, status):
        """Let the carriers report ``status`` for the notices of ``request``."""
        request.notice_ids.notification_id.notification_status = status
        request.notice_ids.retry_on = False

    def _read(self, record, name, user=None):
        self.env.invalidate_all()
        return record.with_user(user or self.officer)[name]

    def test_not_closed_before_the_reply(self):
        """R20: neither a rejection nor a delivery is closed while the reply failed."""
        for state in ("rejected", "delivered"):
            request = self._make_request(state)
            with self.subTest(state=state):
                for user in (self.officer, self.manager):
                    with self.assertRaisesRegex(UserError, "still in the queue"):
                        self._close(request, user)
                self._carry(request, "exception")
                with self.assertRaisesRegex(UserError, "has not reached"):
                    self._close(request)
                self._carry(request, "sent")
                self._close(request)
                self.assertEqual(request.state, "closed")

    def test_told_by_telephone(self):
        """R20: told by a person, with the record of it, is a proof."""
        request = self._make_request("rejected")
        self._carry(request, "bounce")
        notice = self._read(request, "pending_notice_id")
        self.assertEqual(notice.event, "reply")
        notice.action_told(channel_id=self._channel("phone").id, text="Told him")
        self._close(request)
        self.assertEqual(request.state, "closed")

    def test_read_on_the_portal(self):
        """R20: opened by the applicant on the portal is a proof, and only by them."""
        request = self._make_request("decided")
        request.with_user(self.applicant)._portal_read_reply()
        self.assertFalse(request.reply_read_on)  # it has not left
        self._reach_accepted(request, "accepted")
        for state in ("registered", "delivered"):
            self._advance(request, state)
        self._carry(request, "exception")
        stranger = self._make_user("br_other", None, self.company)
        with self.assertRaises(AccessError):
            request.with_user(stranger)._portal_read_reply()
        with self.assertRaises(UserError):
            request.with_user(self.manager).write({"reply_read_on": "2026-01-01"})
        request.with_user(self.applicant)._portal_read_reply()
        self.assertTrue(request.reply_read_on)
        self._close(request)
        self.assertEqual(request.state, "closed")

    def test_a_reply_of_an_earlier_round_is_none(self):
        """R20: after an appeal its own reply has to be given."""
        request = self._make_request("rejected")
        self._carry(request, "sent")
        request.with_user(self.manager).action_reopen(reason="New papers")
        self._advance(request, "rejected")
        with self.assertRaisesRegex(UserError, "still in the queue"):
            self._close(request)

    def test_what_needs_a_person_stands_on_top(self):
        """R20: a failed notice is on top of the request and of the file, with why."""
        request = self._make_request("accepted")
        for record in (request, self.file):
            self.assertFalse(self._read(record, "attention"))
        self._carry(request, "bounce")
        for record in (request, self.file):
            with self.subTest(model=record._name):
                text = self._read(record, "attention")
                self.assertIn("“Reply”", text)
                self.assertEqual(text.count("did not arrive"), 1)  # of two channels
        self.assertIn(request.name, self._read(self.file, "attention"))
        # One channel is enough.
        request.notice_ids[0].notification_id.notification_status = "sent"
        self.assertFalse(self._read(request, "attention"))
        self.assertFalse(self._read(self.file, "attention"))

    def test_siblings_on_top(self):
        """R15, R25: a declined referral and a delivery that came back are there too."""
        request = self._make_request("submitted").with_user(self.officer)
        referral = self.env["beneficiary.referral"].with_user(self.officer)
        referral = referral._send(request, self.researcher, "Which paper?")
        referral.with_user(self.researcher).action_decline("Not my field")
        self.assertIn("Not my field", self._read(request, "attention"))
        registered = self._make_request("registered")
        delivery = self._plan_delivery(registered)
        self._receive(delivery)
        delivery.with_user(self.officer).action_take_back(reason="The address is old")
        self.assertIn(delivery.name, self._read(registered, "attention"))
        delivery.with_user(self.officer).action_plan_again()
        self.assertNotIn(delivery.name, self._read(registered, "attention") or "")

    def test_send_again(self):
        """R22: officers send what failed once more, from the request itself."""
        request = self._make_request("accepted")
        self._carry(request, "exception")
        for user in (self.delegate, self.researcher, self.auditor):
            with self.assertRaises(UserError):
                call_kw(request.with_user(user), "action_send_again", [request.ids], {})
        request.with_user(self.officer).action_send_again()
        self.assertIn("queued", request.notice_ids.mapped("state"))

    def test_a_notice_by_telephone_is_a_contact(self):
        """R5, R17: the notice of committee and period is an interaction as well."""
        request = self._make_request("declared")
        for code in ("phone", "letter"):
            with self.subTest(channel=code):
                request.with_user(self.officer).action_notify(
                    channel_id=self._channel(code).id, text=f"Told by {code}"
                )
                contact = request.interaction_ids.filtered(
                    lambda one, code=code: one.channel_id == self._channel(code)
                )
                self.assertEqual(contact.outcome, f"Told by {code}")
                self.assertEqual(contact.direction, "out")
                self.assertEqual(contact.officer_id, self.officer)
                self.assertEqual(contact.beneficiary_id, self.file)
