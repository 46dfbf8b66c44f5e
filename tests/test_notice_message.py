from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .test_notice_sms import NoticeCase

HOURS = timedelta(hours=2)
ADMIN = "base.user_admin"


@tagged("post_install", "-at_install")
class TestNoticeMessage(NoticeCase):
    """A queued notice is Odoo's message: nobody changes it or takes it away."""

    def setUp(self):
        super().setUp()
        self.file.branch_id = self.env["beneficiary.branch"].create(
            {
                "name": "Branch",
                "company_id": self.company.id,
                "delegate_ids": [Command.set(self.delegate.ids)],
            }
        )
        self.request = self._return()
        self.notices = self.request.notice_ids.filtered("notification_id")
        self.messages = self.notices.mail_message_id

    def _rpc(self, user, method, *args):
        env = self.env(user=user.id, su=False)
        with self.cr.savepoint():
            return call_kw(env["mail.message"], method, list(args), {})

    def test_nobody_changes_it(self):
        """R20, R22: neither what it says, to whom and from whom, nor that it is."""
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
                with self.assertRaises(AccessError):  # as Odoo edits a message
                    message.with_user(user).sudo().write({"body": ""})
        self.assertEqual(self.messages.exists(), self.messages)
        mail = self.env["mail.mail"].search(
            [("mail_message_id", "in", self.messages.ids)]
        )
        self.assertEqual(mail.state, "outgoing")
        self.assertNotIn("thief", mail.reply_to)
        self.assertEqual(set(self.notices.mapped("state")), {"queued"})

    def test_bookmark(self):
        """Whoever reads a notice may mark it for themselves."""
        message = self.messages[0].with_user(self.officer)
        message.toggle_message_starred()
        self.assertTrue(message.starred)

    def test_cleared_away(self):
        """R22: a queued notice that was cleared away is made again, on its channel."""
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
        """R22: also where an administrator empties the queue of e-mails alone."""
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

    def test_cleared_away_in_the_database(self):
        """R22: also where no method of Odoo cleared it away."""
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM mail_message WHERE id IN %s", [tuple(self.messages.ids)]
        )
        self.env.invalidate_all()
        self._follow_up(self.env.cr.now() + HOURS)
        self.assertEqual(set(self.notices.mapped("state")), {"queued"})
        self.assertEqual(len(self.notices.mail_message_id), 2)

    def test_told_after_it_was_cleared_away(self):
        """R20: or an officer tells the person, and says how."""
        self.messages.unlink()
        notice = self.notices[0].with_user(self.officer)
        notice.action_told(self._channel("phone").id, "Told by telephone")
        self.assertEqual(notice.state, "told")
