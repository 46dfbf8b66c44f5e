"""Shared base of the tests of notices."""

from unittest.mock import patch

from freezegun import freeze_time

from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.base.tests.common import MockSmtplibCase
from odoo.addons.sms.tools.sms_api import SmsApiBase

from ..request.common import ClockCase


class CompleteCase(ClockCase):
    """Requests that are complete when they are sent in: nothing is missing."""

    def _reach_submitted(self, request, goal):
        file = request.sudo().beneficiary_id
        for kind in request.sudo()._get_document_types() - file.document_ids.type_id:
            self._make_document(file, kind)
        return super()._reach_submitted(request, goal)


class NoticeCase(CompleteCase):
    """An association whose text message provider appends the texts to a list."""

    def setUp(self):
        super().setUp()
        self.cron_notice = self.env.ref("beneficiary_relations.ir_cron_notice")
        self.answer = "success"
        self.texts = texts = []
        test = self

        class Provider(SmsApiBase):
            PROVIDER_TO_SMS_FAILURE_TYPE = {
                **SmsApiBase.PROVIDER_TO_SMS_FAILURE_TYPE,
                "unregistered": "sms_acc",
            }

            def _send_sms_batch(self, messages, delivery_reports_url=False):
                results = []
                for message in messages:
                    for number in message["numbers"]:
                        texts.append(
                            (self.company, number["number"], message["content"])
                        )
                        results.append({"uuid": number["uuid"], "state": test.answer})
                return results

        self.startPatcher(
            patch.object(
                self.registry["res.company"],
                "_get_sms_api_class",
                lambda company: Provider,
            )
        )

    def _return(self, **vals):
        """Return a request that was returned to the applicant, and so has notices."""
        request = self._make_request("submitted", **vals)
        request.with_user(self.officer).action_return(reason="The lease is missing")
        return request

    def _send_texts(self):
        """Run Odoo's own queue of text messages."""
        cron = self.env.ref("sms.ir_cron_sms_scheduler_action")
        with (
            self.enter_registry_test_mode(),
            mute_logger("odoo.addons.sms.models.sms_sms"),
        ):
            self.assertIs(cron.method_direct_trigger(), True)

    def _follow_up(self, moment=None):
        """Run the scheduled action of notices at ``moment``."""
        with (
            freeze_time(moment or self.env.cr.now()),
            self.enter_registry_test_mode(),
        ):
            self.assertIs(self.cron_notice.method_direct_trigger(), True)

    def _get_notice(self, request, channel):
        return request.notice_ids.filtered(lambda notice: notice.channel == channel)

    def _get_plans(self, request):
        kind = self.env.ref("beneficiary_relations.mail_activity_type_notice")
        return request.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )


class MailServerCase(NoticeCase, MockSmtplibCase):
    """An association whose mail server can fail and come back."""

    def _send_mails(self, error=None):
        """Run Odoo's own queue of e-mails; with ``error`` every sending fails."""
        send = IrMail_Server.send_email
        with (
            self.mock_smtplib_connection(),
            patch.object(
                IrMail_Server, "send_email", autospec=True, side_effect=error or send
            ),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            self.env["mail.mail"].process_email_queue(
                email_ids=self.env["mail.mail"].search([("state", "=", "outgoing")]).ids
            )
        self.env.invalidate_all()
