from odoo import SUPERUSER_ID, api, models

from ..mixins.id_guard_mixin import OURS


class MailMail(models.Model):
    """E-mails that Odoo's composers and templates create as superuser, for any user.

    Templates take whatever values a caller adds: another record, other recipients,
    any attachment. So the user's rights are checked here for each e-mail (R20, R43).
    """

    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        if self.env.uid != SUPERUSER_ID:
            mails.sudo()._check_sender()
        return mails

    def _check_sender(self):
        """Raise unless the acting user may send each of these, as it is.

        :raise AccessError: if an e-mail has a paper of ours that the user may not read,
            or an applicant to whom the user may not write
        """
        papers = self.attachment_ids.filtered(
            lambda file: (file.res_model or "").startswith(OURS)
        )
        if papers and self.env.user._is_internal():  # other users call no template
            papers.sudo(False).check_access("read")
        for mail in self:
            message = mail.mail_message_id
            outside = mail.recipient_ids.filtered("partner_share")
            if not message._filter_beneficiary_messages():
                outside._check_may_be_written_to(self.env.user)
            elif outside or mail.email_to or mail.email_cc:
                mail._check_leaves_record(message)

    def _check_leaves_record(self, message):
        """Raise unless the acting user may write to outsiders from this record.

        People who speak for the association may. Applicants may, if Odoo e-mails a
        message that they wrote themselves.
        """
        is_own_word = message.create_uid == self.env.user and message._is_outgoing()
        if not (self.env.user._is_portal() and is_own_word):
            record = self.env[message.model].sudo(False).browse(message.res_id)
            record._check_may_speak()
