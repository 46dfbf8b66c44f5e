from odoo import models
from odoo.exceptions import AccessError, UserError


class SmsComposer(models.TransientModel):
    """Text messages that users write by hand about the addon's records.

    Odoo does not check whether the sender may write to the person, so this does (R21).
    """

    _inherit = "sms.composer"

    def _action_send_sms(self):
        if (self.res_model or "").startswith("beneficiary."):
            self._check_may_text()
        return super()._action_send_sms()

    def _check_may_text(self):
        """Raise unless the acting user may send texts about these records (R21).

        For records without a conversation, such as papers and household members, the
        user needs the right to change them and to speak for the association.
        """
        records = self._get_records()
        self._check_is_alive(records)
        if self.env["mail.thread"]._is_beneficiary_thread(self.res_model):
            records._check_may_speak()
            return
        records.check_access("write")
        if not self.env.user._speaks_for_association():
            raise AccessError(
                self.env._(
                    "Text messages to applicants and their families are written by "
                    "the relations office. Ask a colleague there."
                )
            )

    def _check_is_alive(self, records):
        """Raise if these records are about a person who has died."""
        if records._name != "beneficiary.beneficiary":
            if "beneficiary_id" not in records._fields:
                return
            records = records.beneficiary_id
        for file in records.sudo():  # not everybody reads the file
            if file._is_deceased():
                raise UserError("\n".join(file._get_stop_problems()))
