from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.messages.notice_retry import RETRY_HOURS, NoticeRetry
from .common import NoticeCase

HOURS = timedelta(hours=2)
ADMIN = "base.user_admin"


@tagged("post_install", "-at_install")
class TestNoticeMessage(NoticeCase):
    """Nobody changes or deletes the message of Odoo that carries a queued notice."""

    def setUp(self):
        super().setUp()
        self.file.branch_id = self._make_branch(self.delegate)
        self.request = self._return()
        self.notices = self.request.notice_ids.filtered("notification_id")
        self.messages = self.notices.mail_message_id

    def _rpc(self, user, method, *args):
        env = self.env(user=user.id, su=False)
        with self.cr.savepoint():
            return call_kw(env["mail.message"], method, list(args), {})

    def test_nobody_changes_it(self):
        """R20, R22: nobody changes its text, sender or recipients, or deletes it."""
        self.assertEqual(len(self.messages), 2)
        stranger = self.stranger.partner_id
        for user in (self.delegate, self.officer, self.manager, self.env.ref(ADMIN)):
            for message in self.messages:
                for vals in (
                    {"reply_to": "thief@example.com"},
                    {"email_from": "thief@example.com"},
                    {"body": "Otherwise"},
                    {"subject": "Otherwise"},
                    {"partner_ids": [Command.link(stranger.id)]},
                    {"notified_partner_ids": [Command.link(stranger.id)]},
                    {"notification_ids": [Command.clear()]},
                    {"mail_ids": [Command.clear()]},
                    {"model": False, "res_id": False},
                ):
                    with (
                        self.subTest(user=user.login, vals=vals),
                        self.assertRaises(AccessError),
                    ):
                        self._rpc(user, "write", message.ids, vals)
                with self.assertRaises(AccessError):
                    self._rpc(user, "unlink", message.ids)
                with self.assertRaises(AccessError):  # Odoo edits messages as superuser
                    message.with_user(user).sudo().write({"body": ""})
        self.assertEqual(self.messages.exists(), self.messages)
        mail = self.env["mail.mail"].search(
            [("mail_message_id", "in", self.messages.ids)]
        )
        self.assertEqual(mail.state, "outgoing")
        self.assertNotIn("thief", mail.reply_to)
        self.assertEqual(set(self.notices.mapped("state")), {"queued"})

    def test_bookmark(self):
        """A reader of a notice may still bookmark it."""
        message = self.messages[0].with_user(self.officer)
        message.toggle_message_starred()
        self.assertTrue(message.starred)

    def test_cleared_away(self):
        """R22: a queued notice whose message was deleted is made again."""
        self.messages.unlink()
        self.assertEqual(set(self.notices.mapped("state")), {"failed"})
        self.assertIn("deleted from the queue", self.notices[0].failure_reason)
        self._follow_up(self.env.cr.now() + HOURS)
        self.assertEqual(set(self.notices.mapped("state")), {"queued"})
        self.assertFalse(self.messages & self.notices.mail_message_id)
        self.assertEqual(len(self.notices.mail_message_id), 2)
        self._send_texts()
        self.assertEqual(len(self.texts), 1)

    def test_mail_deleted_from_the_queue(self):
        """R22: this also holds if an administrator deletes only the queued e-mail."""
        notice = self.notices.filtered(lambda notice: notice.channel == "email")
        self.env["mail.mail"].search(
            [("mail_message_id", "=", notice.mail_message_id.id)]
        ).unlink()
        self._follow_up(self.env.cr.now() + HOURS)
        self.assertEqual(notice.state, "queued")
        mail = self.env["mail.mail"].search(
            [("mail_message_id", "=", notice.mail_message_id.id)]
        )
        self.assertEqual((len(mail), mail.state), (1, "outgoing"))

    def test_mail_cancelled_in_the_queue(self):
        """R22: an e-mail cancelled in the queue is found, although Odoo's “Cancel
        Email” does not update its notification."""
        notice = self.notices.filtered(lambda notice: notice.channel == "email")
        mail = notice.notification_id.mail_mail_id
        mail.with_user(self.env.ref(ADMIN)).cancel()
        notice.tries = len(RETRY_HOURS) + 1
        self._follow_up(self.env.cr.now() + HOURS)
        self.assertEqual(notice.state, "failed")
        self.assertIn("cancelled in the queue", notice.failure_reason)
        self.assertEqual(self._get_plans(self.request).user_id, self.officer)
        notice.with_user(self.officer).action_try_again()
        self.assertEqual((notice.state, mail.state), ("queued", "outgoing"))
        self.assertFalse(notice.failure_reason)

    def test_text_deleted_from_the_queue(self):
        """R22: a text message deleted before it was sent is made again, once."""
        notice = self.notices.filtered(lambda notice: notice.channel == "sms")
        notice.notification_id.sms_id.with_user(self.env.ref(ADMIN)).unlink()
        for _time in range(2):
            self._follow_up(self.env.cr.now() + HOURS)
        self.assertEqual((notice.state, notice.tries), ("queued", 2))
        self._send_texts()
        self.assertEqual(len(self.texts), 1)

    def test_what_is_still_in_a_queue(self):
        """R22: notices that are only slow, or wait for a report, are left alone."""
        self._follow_up(self.env.cr.now() + HOURS)
        self.assertEqual(set(self.notices.mapped("state")), {"queued"})
        self.assertEqual(set(self.notices.mapped("tries")), {1})
        text = self.notices.notification_id.sms_id
        text._update_sms_state_and_trackers("process")
        text.unlink()
        self._follow_up(self.env.cr.now() + 2 * HOURS)
        self.assertEqual(set(self.notices.mapped("tries")), {1})

    def test_one_lost_notice_is_bad(self):
        """R22: a failing check of one notice stops neither the others nor its retry."""
        bad, good = self.notices
        self.messages.notification_ids.sms_id.unlink()
        self.env["mail.mail"].search(
            [("mail_message_id", "in", self.messages.ids)]
        ).unlink()
        original = NoticeRetry._is_lost

        def failing(notice):
            if notice == bad:
                raise ZeroDivisionError("a fault of one record")
            return original(notice)

        with (
            patch.object(NoticeRetry, "_is_lost", failing),
            mute_logger("odoo.addons.beneficiary_relations.models.mixins.sweep_mixin"),
        ):
            self._follow_up(self.env.cr.now() + HOURS)
        self.assertEqual((bad.tries, good.tries), (1, 2))
        self._follow_up(self.env.cr.now() + 2 * HOURS)
        self.assertEqual(bad.tries, 2)

    def test_many_lost_notices(self):
        """C3: the number of queries to find lost notices does not grow."""
        counts = []
        for count in (2, 4):
            notices = self.notices.browse()
            for _number in range(count):
                notices |= self._return().notice_ids
            notices.notification_id.sms_id.unlink()
            notices.notification_id.mail_mail_id.cancel()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            notices._look_for_messages()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(notices.mapped("state")), {"failed"})
        self.assertEqual(*counts)

    def test_cleared_away_in_the_database(self):
        """R22: a message that was deleted in SQL is made again too."""
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM mail_message WHERE id IN %s", [tuple(self.messages.ids)]
        )
        self.env.invalidate_all()
        self._follow_up(self.env.cr.now() + HOURS)
        self.assertEqual(set(self.notices.mapped("state")), {"queued"})
        self.assertEqual(len(self.notices.mail_message_id), 2)

    def test_told_after_it_was_cleared_away(self):
        """R20: after the deletion an officer can tell the person instead."""
        self.messages.unlink()
        notice = self.notices[0].with_user(self.officer)
        notice.action_told(self._channel("phone").id, "Told by telephone")
        self.assertEqual(notice.state, "told")
