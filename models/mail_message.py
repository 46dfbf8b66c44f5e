from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError

# What a message says, to whom, and where.
SAID_FIELDS = frozenset(
    [
        "attachment_ids",
        "author_id",
        "body",
        "is_internal",
        "message_type",
        "model",
        "outgoing_email_to",
        "partner_ids",
        "res_id",
        "subject",
        "subtype_id",
    ]
)


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        messages._check_beneficiary_voice()
        return messages

    def write(self, vals):
        said = SAID_FIELDS & vals.keys()
        if said:
            self._check_beneficiary_voice()
        result = super().write(vals)
        if said:
            self._check_beneficiary_voice()
        return result

    def _check_beneficiary_voice(self):
        """Raise when the acting user says what others alone may say (R21, R26).

        On the addon's records, whoever makes, edits, hides or moves a message that
        an applicant can read speaks for the association, or is that applicant.
        Superuser rights (``sudo``) give no voice: the user behind them counts.

        :raise AccessError: unless every message is theirs to write
        """
        if self.env.uid == SUPERUSER_ID:
            return
        user = self.env.user
        ours = self.sudo().filtered(  # whoever writes may not read all that is said
            lambda message: message.res_id and message._is_of_beneficiary_record()
        )
        for model, messages in ours.grouped("model").items():
            outgoing = messages.filtered(lambda message: message._is_outgoing())
            checked = outgoing if self.env.su else messages
            records = self.env[model].sudo(False).browse(checked.mapped("res_id"))
            records._check_may_write_message()
            is_own = user._is_portal() and outgoing.author_id <= user.partner_id
            if outgoing and not (is_own or user._speaks_for_association()):
                raise AccessError(
                    self.env._(
                        "What an applicant can read is written by the relations "
                        "office. Write a note instead."
                    )
                )

    def _is_of_beneficiary_record(self):
        return self.model in self.env and isinstance(
            self.env[self.model], self.env.registry["beneficiary.thread.mixin"]
        )

    def _is_outgoing(self):
        """Whether people outside the association read this message, or are sent it."""
        is_public = self.subtype_id and not (
            self.is_internal or self.subtype_id.internal
        )
        return bool(
            is_public
            or self.message_type == "email_outgoing"
            or self.outgoing_email_to
            or self.partner_ids.filtered("partner_share")
        )
