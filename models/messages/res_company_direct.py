import logging
from uuid import uuid4

from odoo import SUPERUSER_ID, models
from odoo.tools.urls import urljoin

_logger = logging.getLogger(__name__)


class ResCompanyDirect(models.Model):
    """Texts and e-mails that leave at once and are kept nowhere (R46).

    Odoo's queues keep what they send until it has left, and longer where it fails. A
    one-time code must stand in no list, so it goes to the carrier directly: the same
    provider and the same mail server as all other messages.
    """

    _inherit = "res.company"

    def _send_text_directly(self, number, text):
        """Send one text message through this association's provider.

        :param number: in E.164
        :return: whether the provider took it
        """
        self.ensure_one()
        company = self.with_user(SUPERUSER_ID)
        message = {
            "content": text,
            "numbers": [{"number": number, "uuid": uuid4().hex}],
        }
        try:
            api = company._get_sms_api_class()(company.env)
            api._set_company(company)
            results = api._send_sms_batch(
                [message],
                delivery_reports_url=urljoin(company.get_base_url(), "/sms/status"),
            )
        except Exception as error:  # noqa: BLE001 - a provider may raise anything
            # Only the kind of error: its words may repeat what was to be sent.
            _logger.info("A text message was not sent: %s", type(error).__name__)
            return False
        states = company.env["sms.sms"].IAP_TO_SMS_STATE_SUCCESS
        return all(result["state"] in states for result in results)

    def _send_mail_directly(self, address, subject, text):
        """Send one e-mail of plain text through Odoo's mail server.

        :return: whether the server took it
        """
        self.ensure_one()
        company = self.with_user(SUPERUSER_ID)
        server = company.env["ir.mail_server"]
        try:
            message = server._build_email__(
                company.email_formatted or company.env.user.email_formatted,
                [address],
                subject,
                text,
            )
            server.send_email(message)
        except Exception as error:  # noqa: BLE001 - as above
            _logger.info("An e-mail was not sent: %s", type(error).__name__)
            return False
        return True
