from odoo import models


class SmsSms(models.Model):
    _inherit = "sms.sms"

    def _split_by_api(self):
        """Send each association's text messages through its own provider.

        The company's ``_get_sms_api_class`` returns the provider for every way out of
        Odoo. A provider's addon overrides that one method.
        """
        for company, messages in self.grouped(
            lambda message: message._get_sms_company()
        ).items():
            api = company._get_sms_api_class()(self.env)
            api._set_company(company)
            yield api, messages

    def _send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        """Send a batch of the queue, which may hold messages of several associations.

        Odoo's queue expects a batch of one company and stops at a second one.
        """
        options = {
            "unlink_failed": unlink_failed,
            "unlink_sent": unlink_sent,
            "raise_exception": raise_exception,
        }
        if self.env.context.get("sms_api"):
            return super()._send(**options)
        for api, messages in self._split_by_api():
            super(SmsSms, messages.with_context(sms_api=api))._send(**options)
        return None
