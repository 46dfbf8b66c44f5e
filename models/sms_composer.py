from odoo import models


class SmsComposer(models.TransientModel):
    """Text messages written by hand, where they are about the addon's records.

    Odoo asks nobody who sends them whether they may write to the person (R21).
    """

    _inherit = "sms.composer"

    def _action_send_sms(self):
        if self.env["mail.thread"]._is_beneficiary_thread(self.res_model):
            self._get_records()._check_may_speak()
        return super()._action_send_sms()
