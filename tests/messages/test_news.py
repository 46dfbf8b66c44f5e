from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PIXEL
from ..request.common import PortalCase
from .common import NoticeCase

REQUEST = "beneficiary.request"
FILE = "beneficiary.beneficiary"
REQUEST_NEWS = "beneficiary_relations.mail_activity_type_portal"
FILE_NEWS = "beneficiary_relations.mail_activity_type_file_news"
NOTICE = "beneficiary_relations.mail_activity_type_notice"
ANSWER = "beneficiary_relations.mail_activity_type_answer"
MAIL = """MIME-Version: 1.0
From: {sender}
To: office@example.com
Subject: Re
Message-ID: <{number}@example.com>
In-Reply-To: {parent}
Content-Type: text/plain; charset=utf-8

My father died
"""


class NewsCase:
    """Activities of the office on a record, and e-mails through the gateway."""

    number = 0

    def _tasks(self, record, kind):
        self.env.invalidate_all()
        wanted = self.env.ref(kind)
        return record.activity_ids.filtered(
            lambda activity: activity.activity_type_id == wanted
        )

    def _mail(self, record, sender, parent="<x@example.com>"):
        type(self).number += 1
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(
                record._name,
                MAIL.format(sender=sender, number=self.number, parent=parent),
                thread_id=record.id,
            )

    def assertTask(self, record, kind, user=None):
        """Check that one task of ``kind`` is due today, for ``user``."""
        task = self._tasks(record, kind)
        self.assertEqual(len(task), 1)
        self.assertEqual(task.user_id, user or self.officer)
        self.assertEqual(task.date_deadline, self.company._get_beneficiary_today())


@tagged("post_install", "-at_install")
class TestNews(NewsCase, NoticeCase):
    """R48: what comes in by e-mail is somebody's task the same day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file.officer_id = cls.officer

    def test_answer_to_an_automatic_mail(self):
        """R48: an answer to a notice plans one task, however many answers come."""
        request = self._return()
        request.activity_ids.unlink()
        parent = self._get_notice(request, "email").mail_message_id.message_id
        for _time in range(3):
            self._mail(request, self.file.email, parent)
        self.assertTask(request, REQUEST_NEWS)

    def test_answer_about_a_file(self):
        """R48: an e-mail about a file, not a request, is a task too."""
        for sender in (self.file.email, "somebody@example.com"):
            with self.subTest(sender=sender):
                self.file.activity_ids.unlink()
                self._mail(self.file, sender)
                self._mail(self.file, sender)
                self.assertTask(self.file, FILE_NEWS)

    def test_without_an_officer(self):
        """R48: the manager reads it if there is no officer, or the officer left."""
        request = self._make_request("submitted")
        self.officer.sudo().active = False
        self.file.officer_id = False
        for record, kind in ((request, REQUEST_NEWS), (self.file, FILE_NEWS)):
            self._mail(record, self.file.email)
            self.assertTask(record, kind, self.manager)

    def test_staff(self):
        """R48: what colleagues write plans nothing, by whichever door."""
        request = self._make_request("submitted")
        self.manager.email = "manager@example.com"
        for record in (request, self.file):
            record.activity_ids.unlink()
            self._mail(record, self.manager.email)
            for subtype in ("mail.mt_comment", "mail.mt_note"):
                record.with_user(self.manager).message_post(
                    body="Come in", subtype_xmlid=subtype
                )
            self.assertFalse(record.activity_ids)

    def test_bounce(self):
        """R48: an e-mail that comes back is a task at once, and only one."""
        request = self._return()
        notice = self._get_notice(request, "email")
        message = notice.mail_message_id
        for bounced in (message, self._comment(request), self._comment(self.file)):
            record = self.env[bounced.model].browse(bounced.res_id)
            kind = NOTICE if bounced.model == REQUEST else FILE_NEWS
            self.env["mail.thread"]._routing_handle_bounce(
                None,
                {
                    "bounced_email": self.file.email,
                    "bounced_partner": self.file.partner_id,
                    "bounced_msg_ids": [bounced.message_id],
                    "bounced_message": bounced,
                    "body": "Unknown mailbox",
                    "email_from": "mailer-daemon@example.com",
                    "to": "office@example.com",
                    "message_id": "<bounce@example.com>",
                },
            )
            self.assertTask(record, kind)
        self.assertEqual(notice.state, "failed")
        self._follow_up(notice.retry_on)
        self.assertTask(request, NOTICE)

    def _comment(self, record):
        return record.with_user(self.officer).message_post(
            body="Come in", subtype_xmlid="mail.mt_comment"
        )


@tagged("post_install", "-at_install")
class TestNewsPortal(NewsCase, PortalCase):
    """R48: what comes in on the portal is somebody's task the same day."""

    def test_message(self):
        """R48: a message on the portal plans one task."""
        request = self._make_request("submitted")
        request.activity_ids.unlink()
        for _time in range(2):
            self.make_jsonrpc_request(
                "/mail/message/post",
                {
                    "thread_model": REQUEST,
                    "thread_id": request.id,
                    "post_data": {"body": "My father died"},
                },
            )
        self.assertTask(request, REQUEST_NEWS)

    def test_upload(self):
        """R48: a paper that is uploaded for a request is a task."""
        request = self._make_request("submitted")
        request.activity_ids.unlink()
        request.with_user(self.applicant)._portal_upload(
            self.identity_type, ("card.png", PIXEL)
        )
        self.assertTask(request, REQUEST_NEWS)


@tagged("post_install", "-at_install")
class TestNewsDesk(NewsCase, NoticeCase):
    """R48: a call that was only noted down is the officer's task."""

    def _log(self, **vals):
        values = {
            "subject": "Call back",
            "kind": "follow_up",  # an enquiry has a day of its own
            "channel_id": self._channel("phone").id,
            "beneficiary_id": self.file.id,
            **vals,
        }
        [contact] = self._call_as(
            self.manager, "beneficiary.interaction", "create", [values]
        )
        return self.env["beneficiary.interaction"].browse(contact)

    def test_call(self):
        """R48: for the officer of the request, the file, or who noted it down."""
        request = self._make_request("submitted")
        self.assertTask(self._log(request_id=request.id), ANSWER)
        self.file.officer_id = self.officer
        contact = self._log()
        self.assertTask(contact, ANSWER)
        visitor = self._log(beneficiary_id=False, party_name="A visitor")
        self.assertTask(visitor, ANSWER, self.manager)
        contact.with_user(self.officer).outcome = "Called back"
        self.assertFalse(self._tasks(contact, ANSWER))

    def test_no_task(self):
        """R48: what has an outcome, went out or is long past, plans nothing."""
        for vals in (
            {"outcome": "Answered at once"},
            {"direction": "out"},
            {"date": "2026-01-05 08:00:00"},
        ):
            with self.subTest(vals=vals):
                self.assertFalse(self._tasks(self._log(**vals), ANSWER))
