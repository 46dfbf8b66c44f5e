from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from ...models.messages.notice_retry import RETRY_HOURS
from .common import MailServerCase, NoticeCase

MONDAY = "2026-03-16 07:00:00"
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@tagged("post_install", "-at_install")
class TestNoticeSms(NoticeCase):
    def test_text_message(self):
        """R20: the file's mobile number gets one text in the person's language."""
        template = self.env.ref("beneficiary_relations.sms_template_returned")
        template.with_context(lang="ar_001").body = "طلبكم {{ object.name }} ناقص"
        request = self._return()
        notice = self._get_notice(request, "sms")
        self.assertEqual((notice.state, notice.tries), ("queued", 1))
        self.assertFalse(notice.sent_on)
        for _time in range(2):
            self._send_texts()
        self.assertEqual(
            self.texts, [(self.company, "+966500000001", f"طلبكم {request.name} ناقص")]
        )
        self.assertEqual(notice.state, "sent")
        self.assertTrue(notice.sent_on)

    def test_no_detail(self):
        """R20: telephones are shared, so a text names no reason, amount or service."""
        request = self._return(amount_requested=777)
        self._send_texts()
        ((_company, _number, text),) = self.texts
        for word in ("lease", "777", self.service.name, self.file.name):
            self.assertNotIn(word, text)
        self.assertIn(request.name, text)

    def test_who_has_a_landline(self):
        """R20: a landline gets no texts; without e-mail the person is told by hand."""
        self.file.write({"phone": "0112345678", "email": False})
        self.assertTrue(self.file.is_told_by_hand)
        self.assertEqual(self._return().notice_ids.mapped("channel"), ["hand"])

    def test_preference(self):
        """R20: people are told on the channels that they chose, otherwise by hand."""
        for by_email, by_sms, channels in (
            (True, True, {"email", "sms"}),
            (True, False, {"email"}),
            (False, True, {"sms"}),
            (False, False, {"hand"}),
        ):
            with self.subTest(by_email=by_email, by_sms=by_sms):
                with Form(self.file.with_user(self.officer)) as form:
                    form.notice_by_email = by_email
                    form.notice_by_sms = by_sms
                    self.assertEqual(form.is_told_by_hand, channels == {"hand"})
                request = self._return()
                self.assertEqual(set(request.notice_ids.mapped("channel")), channels)

    def test_returned_each_time(self):
        """R22: each return belongs to its own round, and is told once."""
        request = self._return()
        self._advance(request, "submitted")
        request.with_user(self.officer).action_return(reason="And the identity card")
        self.assertEqual(
            sorted(request.notice_ids.mapped(lambda n: (n.round, n.channel))),
            [(2, "email"), (2, "sms"), (3, "email"), (3, "sms")],
        )
        mails = self._get_notice(request, "email").sorted("id").mail_message_id
        self.assertIn("The lease is missing", mails[0].body)
        self.assertIn("And the identity card", mails[1].body)

    def test_provider_of_each_association(self):
        """R43: one queue serves two associations, each with its own provider."""
        self._return()
        other = self.env(context={**self.env.context, "allowed_company_ids": []})
        message = other["mail.message"].create({"record_company_id": self.other.id})
        other["sms.sms"].create(
            {"number": "+966500000009", "body": "B", "mail_message_id": message.id}
        )
        self._send_texts()
        self.assertEqual(
            {(company, number) for company, number, _text in self.texts},
            {(self.company, "+966500000001"), (self.other, "+966500000009")},
        )
        self.assertFalse(self.env["sms.sms"].search([("state", "=", "outgoing")]))

    # -- failures ----------------------------------------------------------------------

    def _fail(self, request):
        """Let the provider refuse the text; return its failed notice."""
        self.answer = "server_error"
        self._send_texts()
        notice = self._get_notice(request, "sms")
        self.assertEqual(notice.state, "failed")
        return notice

    def test_retried_then_an_officer_is_asked(self):
        """R22: a failed text is tried again a few times, then an officer is asked."""
        self.file.email = False
        with freeze_time(MONDAY):
            request = self._return()
        notice = self._fail(request)
        self.assertEqual(notice.failure_reason, "Server Error")
        self.assertFalse(notice.sent_on)
        for tries, hours in enumerate(RETRY_HOURS, start=1):
            with self.subTest(tries=tries):
                failed_on = notice.retry_on - hours * HOUR
                self._follow_up(failed_on + hours * HOUR - MINUTE)
                self.assertEqual((notice.state, notice.tries), ("failed", tries))
                for _time in range(2):
                    self._follow_up(failed_on + hours * HOUR + MINUTE)
                self.assertEqual((notice.state, notice.tries), ("queued", tries + 1))
                self._fail(request)
        self.assertFalse(self._get_plans(request))
        for days in range(3):
            self._follow_up(notice.retry_on or notice.write_date + timedelta(days=days))
        self.assertEqual(len(self.texts), len(RETRY_HOURS) + 1)
        plan = self._get_plans(request)
        self.assertEqual(plan.user_id, self.officer)
        self.assertEqual(len(plan), 1)
        self.assertEqual(notice.state, "failed", "it stays on record")

    def test_what_no_try_mends(self):
        """R22: if only a correction can help, an officer is asked at once."""
        self.file.email = False
        with freeze_time(MONDAY):
            request = self._return()
        self.answer = "unregistered"
        self._send_texts()
        notice = self._get_notice(request, "sms")
        self._follow_up(notice.retry_on + MINUTE)
        self.assertEqual((notice.state, notice.tries), ("failed", 1))
        self.assertEqual(notice.failure_reason, "Unregistered Account")
        self.assertEqual(len(self._get_plans(request)), 1)

    def test_who_was_reached_otherwise(self):
        """R22: no officer is asked if the person got the notice on another channel."""
        with freeze_time(MONDAY):
            request = self._return()
        self._get_notice(request, "email").notification_id.notification_status = "sent"
        self.answer = "unregistered"
        self._send_texts()
        notice = self._get_notice(request, "sms")
        self._follow_up(notice.retry_on + MINUTE)
        self.assertFalse(self._get_plans(request))
        self.assertEqual(notice.state, "failed")

    def test_try_again(self):
        """R20, R22: an officer corrects the number and sends the text once more."""
        self.file.email = False
        with freeze_time(MONDAY):
            request = self._return()
        self.answer = "unregistered"
        self._send_texts()
        notice = self._get_notice(request, "sms")
        self._follow_up(notice.retry_on + MINUTE)
        self.file.phone = "0500000007"
        notice.with_user(self.officer).action_try_again()
        self.assertFalse(self._get_plans(request))
        self.answer = "success"
        self._send_texts()
        self._send_texts()
        self.assertEqual((notice.state, notice.tries), ("sent", 2))
        self.assertEqual(
            [number for _company, number, _text in self.texts],
            ["+966500000001", "+966500000007"],
        )
        self.assertFalse(notice.failure_reason)

    def test_try_again_refused(self):
        """R20: only officers retry, and only failed notices that have an address."""
        request = self._return()
        notice = self._get_notice(request, "sms")
        with self.assertRaisesRegex(UserError, "Only a failed notice"):
            notice.with_user(self.officer).action_try_again()
        self._fail(request)
        for user in (self.delegate, self.auditor, self.member, self.outsider):
            with self.assertRaises(AccessError):
                notice.with_user(user).action_try_again()
        self.file.notice_by_sms = False
        with self.assertRaisesRegex(UserError, "no longer be reached on this channel"):
            notice.with_user(self.officer).action_try_again()
        self.assertEqual(notice.tries, 1)

    def test_one_bad_record(self):
        """R22: a notice that cannot be made waits and does not stop the others."""
        with freeze_time(MONDAY):
            bad, good = self._return(), self._return()
        self._fail(bad)
        notices = self._get_notice(bad | good, "sms")
        model = self.registry["beneficiary.notice"]
        original = model._render_texts

        def failing(notices):
            if bad in notices.request_id:
                raise ZeroDivisionError("a fault of one record")
            return original(notices)

        with (
            patch.object(model, "_render_texts", failing),
            mute_logger("odoo.addons.beneficiary_relations.models.mixins.sweep_mixin"),
        ):
            self._follow_up(notices[0].retry_on + MINUTE)
        self.assertEqual(self._get_notice(good, "sms").state, "queued")
        waiting = self._get_notice(bad, "sms")
        self.assertEqual((waiting.state, waiting.tries), ("failed", 1))

    # -- by hand -----------------------------------------------------------------------

    def _make_waiting(self):
        self.file.write({"email": False, "notice_by_sms": False})
        request = self._return()
        return request, request.notice_ids

    def test_told_by_hand(self):
        """R20: if no channel reaches a person, an officer tells and records it."""
        request, notice = self._make_waiting()
        self.assertEqual((notice.channel, notice.state), ("hand", "waiting"))
        self.assertEqual(self._get_plans(request).user_id, self.officer)
        wizard = Form(
            self.env["beneficiary.notice.told"]
            .with_user(self.officer)
            .with_context(default_notice_id=notice.id)
        )
        wizard.channel_id = self._channel("phone")
        wizard.text = "Read to his son on the telephone"
        wizard.save().action_confirm()
        self.assertEqual(notice.state, "told")
        self.assertTrue(notice.sent_on)
        self.assertEqual(notice.told_by_id, self.officer)
        self.assertEqual(notice.told_channel_id, self._channel("phone"))
        self.assertEqual(notice.evidence, "Read to his son on the telephone")
        contact = notice.interaction_id
        self.assertEqual(contact, request.interaction_ids)
        self.assertEqual(
            (contact.direction, contact.beneficiary_id, contact.outcome),
            ("out", self.file, notice.evidence),
        )
        self.assertFalse(self._get_plans(request))
        with self.assertRaisesRegex(UserError, "already reached"):
            notice.with_user(self.officer).action_told(
                self._channel("phone").id, "Again"
            )

    def test_told_needs_a_proof(self):
        """R20: a telling needs a channel of the policy and a text as proof."""
        _request, notice = self._make_waiting()
        phone = self._channel("phone").id
        for channel, text, words in (
            (phone, "", "Write who was told"),
            (phone, "  ", "Write who was told"),
            (phone, ["x"], "Write who was told"),
            (None, "Told", "Choose a channel"),
            (0, "Told", "Choose a channel"),
            ([phone], "Told", "Choose a channel"),
        ):
            with (
                self.subTest(channel=channel, text=text),
                self.assertRaisesRegex(UserError, words),
            ):
                notice.with_user(self.officer).action_told(channel, text)
        for user in (self.auditor, self.member, self.researcher, self.outsider):
            with self.assertRaises(AccessError):
                notice.with_user(user).action_told(phone, "Told")
        self.assertEqual(notice.state, "waiting")

    def test_told_after_a_failure(self):
        """R20: a failed notice can be told by hand too; this ends the activity."""
        self.file.email = False
        with freeze_time(MONDAY):
            request = self._return()
        notice = self._fail(request)
        notice.retry_on = False
        notice._ask_officers("Tell them")
        notice.with_user(self.officer).action_told(self._channel("phone").id, "Told")
        self.assertEqual(notice.state, "told")
        self.assertFalse(self._get_plans(request))
        # A later report of the provider does not undo it.
        notice.notification_id.notification_status = "exception"
        self.assertEqual(notice.state, "told")


@tagged("post_install", "-at_install")
class TestNoticeEmail(MailServerCase):
    def test_sent(self):
        """R20: a notice proves that its e-mail was sent, and when."""
        notice = self._get_notice(self._return(), "email")
        self.assertEqual(notice.state, "queued")
        self._send_mails()
        self.assertEqual(notice.state, "sent")
        self.assertTrue(notice.sent_on)
        self.assertEqual(notice.mail_message_id.message_id, notice._get_message_id())

    def test_failed_and_tried_again(self):
        """R22: a retry queues the same e-mail again, with the same Message-ID."""
        request = self._return()
        notice = self._get_notice(request, "email")
        self._send_mails(error=OSError("the server is away"))
        self.assertEqual(notice.state, "failed")
        self.assertIn("the server is away", notice.failure_reason)
        notice.with_user(self.officer).action_try_again()
        self.assertEqual((notice.state, notice.tries), ("queued", 2))
        self._send_mails()
        self.assertEqual(notice.state, "sent")
        mails = self.env["mail.mail"].search(
            [("message_id", "=", notice._get_message_id())]
        )
        self.assertEqual(len(mails), 1)

    def test_deleted_from_the_queue(self):
        """R22: a failed e-mail that somebody deleted is made again."""
        notice = self._get_notice(self._return(), "email")
        self._send_mails(error=OSError("the server is away"))
        self.env["mail.mail"].search(
            [("mail_message_id", "=", notice.mail_message_id.id)]
        ).unlink()
        notice.with_user(self.officer).action_try_again()
        self.assertEqual(notice.state, "queued")
        self._send_mails()
        self.assertEqual(notice.state, "sent")

    def test_bounce(self):
        """R20: a bounce makes a sent notice a failed one."""
        notice = self._get_notice(self._return(), "email")
        self._send_mails()
        notice.notification_id.write(
            {"notification_status": "bounce", "failure_type": "mail_bounce"}
        )
        self.assertEqual(notice.state, "failed")
        self.assertEqual(notice.failure_reason, "Bounce")
        self.assertFalse(notice.sent_on)

    def test_proof_outlives_the_message(self):
        """R20: a sent notice stays sent after its message is deleted."""
        notice = self._get_notice(self._return(), "email")
        self._send_mails()
        notice.mail_message_id.unlink()
        self.env.invalidate_all()
        self.assertFalse(notice.notification_id)
        self.assertEqual(notice.state, "sent")


@tagged("post_install", "-at_install")
class TestNoticeReport(HttpCase, NoticeCase):
    def test_delivery_report(self):
        """R20: the carrier's report on a text sets the state of the notice."""
        request = self._return()
        notice = self._get_notice(request, "sms")
        # HttpCase has the registry in test mode already.
        self.env.ref("sms.ir_cron_sms_scheduler_action").method_direct_trigger()
        tracker = notice.notification_id.sms_tracker_ids
        for status, state in (("delivered", "delivered"), ("not_delivered", "failed")):
            self.make_jsonrpc_request(
                "/sms/status",
                {
                    "message_statuses": [
                        {"sms_status": status, "uuids": [tracker.sms_uuid]}
                    ]
                },
            )
            self.env.invalidate_all()
            self.assertEqual(notice.state, state)
