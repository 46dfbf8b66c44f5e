from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged

from .common import MailServerCase

APPOINTMENT = "beneficiary.appointment"


@tagged("post_install", "-at_install", "without_demo")
class TestNewsRetry(MailServerCase):
    """R22: what the association tells a person outside a request leaves in the end."""

    def setUp(self):
        super().setUp()
        self.file.officer_id = self.officer
        self.officer.lang = "en_US"
        self.now = fields.Datetime.now()

    def _offer(self):
        """Return a visit whose times were just offered, by e-mail and by text."""
        appointment = (
            self.env[APPOINTMENT]
            .with_user(self.officer)
            .create(
                {
                    "beneficiary_id": self.file.id,
                    "company_id": self.company.id,
                    "subject": "About the lease",
                    "slot_ids": [
                        Command.create({"start": self.now + timedelta(days=3)})
                    ],
                }
            )
        )
        appointment.action_offer()
        return appointment

    def _follow_up_news(self, hours=0):
        cron = self.env.ref("beneficiary_relations.ir_cron_news")
        with (
            freeze_time(self.now + timedelta(hours=hours)),
            self.enter_registry_test_mode(),
        ):
            self.assertIs(cron.method_direct_trigger(), True)
        self.env.invalidate_all()

    def _mail(self, record):
        return self.env["mail.mail"].search(
            [
                ("model", "=", record._name),
                ("res_id", "=", record.id),
                ("email_to", "=", self.file.notice_email),
            ]
        )

    def _asked(self, record):
        return record.sudo().activity_ids.filtered(
            lambda task: "did not reach the person" in (task.summary or "")
        )

    def test_server_comes_back(self):
        """R22, R33: a mail server fails and comes back: the e-mail leaves once."""
        appointment = self._offer()
        self._send_mails(error=OSError("the server is away"))
        mail = self._mail(appointment)
        self.assertEqual(mail.state, "exception")
        self._follow_up_news(hours=1)
        self.assertEqual(mail.state, "outgoing")
        self._send_mails()
        self.assertEqual(mail.state, "sent")
        for hours in (2, 30):
            self._follow_up_news(hours=hours)
            self.assertEqual(mail.state, "sent")
        self.assertFalse(self._asked(appointment))

    def test_server_stays_away(self):
        """R22, R33: after a day the officer is asked to tell the person, once."""
        appointment = self._offer()
        for hours in (1, 12):
            self._send_mails(error=OSError("the server is away"))
            self._follow_up_news(hours=hours)
            self.assertFalse(self._asked(appointment))
        self._send_mails(error=OSError("the server is away"))
        for hours in (25, 26):
            self._follow_up_news(hours=hours)
            task = self._asked(appointment)
            self.assertEqual(len(task), 1)
            self.assertEqual(task.user_id, self.officer)
        self.assertEqual(self._mail(appointment).state, "cancel")

    def test_text_message(self):
        """R22, R33: a failed text is sent again; a number that cannot be is told."""
        self.answer = "server_error"
        appointment = self._offer()
        self._send_texts()
        self.answer = "success"
        self._follow_up_news(hours=1)
        sent = len(self.texts)
        self._send_texts()
        self.assertEqual(len(self.texts), sent + 1)
        self.assertFalse(self._asked(appointment))
        self.answer = "unregistered"
        other = self._offer()
        self._send_texts()
        self._follow_up_news(hours=2)
        self.assertTrue(self._asked(other), "another try cannot mend this")

    def test_answer(self):
        """R22, R48: an answer that did not leave becomes the task of its owner."""
        enquiry = self.env["beneficiary.interaction"].create(
            {
                "subject": "When?",
                "channel_id": self._channel("phone").id,
                "beneficiary_id": self.file.id,
                "company_id": self.company.id,
                "owner_id": self.officer.id,
            }
        )
        enquiry.sudo().activity_ids.unlink()  # answered
        enquiry._tell_person("answer")
        self._send_mails(error=OSError("the server is away"))
        self._follow_up_news(hours=25)
        self.assertEqual(self._asked(enquiry).user_id, self.officer)

    def test_message_without_a_record(self):
        """R22, R51: a message about one's own data is tried again as well."""
        self.file._tell_directly(
            lambda env: "Your data", lambda env: "There is an answer:", "/my/data"
        )
        mail = self.env["mail.mail"].search([("subject", "=", "Your data")])
        self._send_mails(error=OSError("the server is away"))
        self._follow_up_news(hours=1)
        self.assertEqual(mail.state, "outgoing")

    def test_death(self):
        """R33: nobody is told of a person who has died since, nor asked to."""
        appointment = self._offer()
        self._send_mails(error=OSError("the server is away"))
        self.file.with_user(self.manager).action_record_death(
            death_date=str(fields.Date.today()), reason="The certificate"
        )
        self._follow_up_news(hours=1)
        self.assertFalse(self._asked(appointment))
        self.assertNotIn("outgoing", self._mail(appointment).mapped("state"))

    def test_notices_and_colleagues(self):
        """R22: notices follow their own tries; so do colleagues."""
        request = self._return()
        mail = self.env["mail.mail"].create(
            {"subject": "Budget", "email_to": "board@example.com", "body_html": "-"}
        )
        self._send_mails(error=OSError("the server is away"))
        self._follow_up_news(hours=25)
        notice = self._get_notice(request, "email")
        self.assertEqual(notice.state, "failed")
        self.assertEqual(mail.state, "exception")
