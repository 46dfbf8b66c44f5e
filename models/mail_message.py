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
# What whoever reads a notice may write on it: a bookmark of their own.
PERSONAL_FIELDS = frozenset(["starred_partner_ids"])


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        messages._check_beneficiary_voice()
        return messages

    def write(self, vals):
        if vals.keys() - PERSONAL_FIELDS:
            self._check_not_a_notice()
        said = SAID_FIELDS & vals.keys()
        if said:
            self._check_beneficiary_voice()
        result = super().write(vals)
        if said:
            self._check_beneficiary_voice()
        return result

    def unlink(self):
        notices = self._get_beneficiary_notices()
        if not self.env.su:  # a request that is deleted takes its messages along
            self._check_not_a_notice()
        # A text outlives its message, and would leave although it is made again.
        texts = self.env["sms.sms"].sudo()  # a queue that nobody else reads
        texts.search(
            [
                ("mail_message_id", "in", notices.mail_message_id.ids),
                ("state", "=", "outgoing"),
            ]
        ).unlink()
        result = super().unlink()
        # The database takes the carrier's record along, unseen by the ORM.
        notices.modified(["notification_id"])
        return result

    def _get_beneficiary_notices(self):
        """Return the notices that these messages are."""
        notices = self.env["beneficiary.notice"].sudo()  # also who reads none is told
        messages = self.sudo().filtered(
            lambda message: message.model == "beneficiary.request"
        )
        if not messages:
            return notices
        return notices.search([("notification_id.mail_message_id", "in", messages.ids)])

    def _check_not_a_notice(self):
        """Raise where a notice would be changed or lost on its way (R20, R22).

        :raise AccessError: unless the addon itself, as superuser, writes
        """
        if self.env.uid != SUPERUSER_ID and self._get_beneficiary_notices():
            raise AccessError(
                self.env._(
                    "A notice to an applicant stays as it was queued: it is the proof "
                    "of what was said. Write to the person again instead."
                )
            )

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
