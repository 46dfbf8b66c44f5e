from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError

from .thread_mixin import AUTHORSHIP, LOGGED, POSTED

# The fields of a message's content, recipients and place.
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
# Every reader of a message may write these: a bookmark of their own.
PERSONAL_FIELDS = frozenset(["starred_partner_ids"])
# Odoo itself writes these, as superuser, for every user who posts: how a message is
# sent by e-mail, and the subject of the e-mail.
CARRIER_FIELDS = frozenset(["outgoing_email_to", "subject"])
WHEN_FIELDS = frozenset(["create_date", "date"])
# Nobody may set these on a message that they create over RPC.
CLAIMED_FIELDS = frozenset(
    [
        *AUTHORSHIP,
        *WHEN_FIELDS,
        "message_type",
        "reaction_ids",
        "starred_partner_ids",
        "tracking_value_ids",
        "withdrawn_on",
    ]
)
# Types of messages that people write. The addon writes all others, or sent them.
WRITTEN_TYPES = ("comment", "email")


class MailMessage(models.Model):
    _inherit = "mail.message"

    withdrawn_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="When its author withdrew it. Its words and files stay.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.uid != SUPERUSER_ID:
            vals_list = [self._drop_claims(vals) for vals in vals_list]
        messages = super().create(vals_list)
        messages._check_beneficiary_voice()
        if any(vals.get("partner_ids") for vals in vals_list):
            messages._check_recipients()
        return messages

    @api.model
    def _drop_claims(self, vals):
        """Return ``vals`` without values that a message on our records may not set.

        The time of a message is the time of writing. Over RPC the author is the user,
        and the message is never a step of the record.
        """
        if not self.env["mail.thread"]._is_beneficiary_thread(vals.get("model")):
            return vals
        if self.env.su or self.env.context.get("beneficiary_post") is POSTED:
            return {name: vals[name] for name in vals if name not in WHEN_FIELDS}
        vals = {name: vals[name] for name in vals if name not in CLAIMED_FIELDS}
        return {**vals, "message_type": "comment"}

    def _check_recipients(self):
        """Raise if the user writes to an applicant without the right to do so (R43).

        For the applicants of one of our records, the right to speak on it decides.
        """
        messages = self.sudo()
        recipients = messages.partner_ids
        for model, ours in self._filter_beneficiary_messages().grouped("model").items():
            records = self.env[model].browse(ours.mapped("res_id"))
            recipients -= records._get_applicant_contacts()
        recipients._check_may_be_written_to(self.env.user)

    def write(self, vals):
        if changed := vals.keys() - PERSONAL_FIELDS:
            self._check_not_a_notice()
            self._check_may_correct(changed)
        said = SAID_FIELDS & vals.keys()
        if said:
            self._check_beneficiary_voice()
        result = super().write(vals)
        if said:
            self._check_beneficiary_voice()
        if vals.get("partner_ids"):
            self._check_recipients()
        return result

    def unlink(self):
        notices = self._get_beneficiary_notices()
        if not self.env.su:  # a deleted request takes its messages along
            self._check_not_a_notice()
            self._refuse_to_forget()
        # A queued text outlives its message, and would be sent as well as a new one.
        texts = self.env["sms.sms"].sudo()  # only the superuser reads this queue
        texts.search(
            [
                ("mail_message_id", "in", notices.mail_message_id.ids),
                ("state", "=", "outgoing"),
            ]
        ).unlink()
        result = super().unlink()
        # The database deletes the notification along, unseen by the ORM.
        notices.modified(["notification_id"])
        return result

    def _get_beneficiary_notices(self):
        """Return the notices that these messages carry."""
        notices = self.env["beneficiary.notice"].sudo()  # users may not read them
        messages = self.sudo().filtered(
            lambda message: message.model == "beneficiary.request"
        )
        if not messages:
            return notices
        return notices.search([("notification_id.mail_message_id", "in", messages.ids)])

    def _check_not_a_notice(self):
        """Raise if a notice would be changed, or lost on its way (R20, R22).

        :raise AccessError: unless the addon itself, as superuser, writes
        """
        if self.env.uid != SUPERUSER_ID and self._get_beneficiary_notices():
            raise AccessError(
                self.env._(
                    "A notice to an applicant cannot be changed: it proves what the "
                    "applicant was told. Write to the person again instead."
                )
            )

    def _get_forbidden_access(self, operation):
        """Hide notes from applicants, and refuse answers without the right to write.

        Odoo hides comments among staff from portal users, but lets them read other
        notes of a readable record one by one. Odoo also lets any recipient of a message
        react to it.
        """
        forbidden = super()._get_forbidden_access(operation)
        ours = (self - forbidden)._filter_beneficiary_messages()
        if not self.env.user._is_internal():
            notes = ours.filtered(
                lambda note: note.is_internal or note.subtype_id.internal
            )
            forbidden |= self.browse(notes.ids)
        if operation == "create":
            for model, messages in ours.grouped("model").items():
                allowed = self._filter_records_for_message_operation(
                    model, messages.mapped("res_id"), operation
                )
                refused = messages.filtered(
                    lambda message, ids=allowed.ids: message.res_id not in ids
                )
                forbidden |= self.browse(refused.ids)
        return forbidden

    @api.model
    def _get_with_access(self, message_id, mode="read", **kwargs):
        """On our records, access to the thread does not open every message."""
        message = super()._get_with_access(message_id, mode=mode, **kwargs)
        if message._filter_beneficiary_messages():
            message -= message.sudo(False)._get_forbidden_access(mode)
        return message

    # -- messages stay as they were written --------------------------------------------

    def _check_may_correct(self, names):
        """Raise if the fields ``names`` would change what was said (R20).

        The addon's own notes on a record are its history. What people said stays as it
        was sent: nobody changes or empties it, or takes off a file: no author either.

        :raise AccessError: unless the addon itself, as superuser, writes
        """
        if self.env.su:
            names &= (SAID_FIELDS - CARRIER_FIELDS) | {
                "tracking_value_ids",
                "withdrawn_on",
            }
        if self.env.uid == SUPERUSER_ID or not names:
            return
        ours = self._filter_beneficiary_messages()
        if any(not message._is_written_by_people() for message in ours):
            raise AccessError(
                self.env._(
                    "Nobody can change the notes that a record keeps about its steps. "
                    "Write a note of your own."
                )
            )
        if ours:
            raise AccessError(
                self.env._(
                    "What was said, when and to whom, stays as it was sent. Write a "
                    "new message; whoever wrote this one may mark it as withdrawn."
                )
            )

    def _refuse_to_forget(self):
        if self._filter_beneficiary_messages():
            raise AccessError(
                self.env._(
                    "Messages on this record are not deleted: they tell how it was "
                    "dealt with. Whoever wrote one may mark it as withdrawn."
                )
            )

    def _withdraw(self):
        """Mark this message as withdrawn; its words and files stay, and a note says so.

        :raise AccessError: unless the acting user wrote the message, and may still
            write on its record
        """
        self.ensure_one()
        message = self.sudo()  # its author may not write it
        self._check_not_a_notice()
        self._check_beneficiary_voice()
        if (
            not message._is_written_by_people()
            or message.author_id != self.env.user.partner_id
        ):
            raise AccessError(
                self.env._("Only whoever wrote a message may mark it as withdrawn.")
            )
        if message.withdrawn_on:
            return
        record = message.env[message.model].browse(message.res_id)
        company = record.company_id or self.env.company
        lang = company._get_beneficiary_lang()
        record = record.with_context(lang=lang)
        env = record.env
        mark = Markup('<p><em class="o_br_withdrawn">%s</em></p>') % env._(
            "Withdrawn by its author. It stays as it was sent."
        )
        super(MailMessage, message).write(
            {
                "withdrawn_on": fields.Datetime.now(),
                "body": mark + (message.body or ""),
            }
        )
        record._message_log(
            body=env._(
                "%(author)s withdrew a message of %(date)s. It stays as it was sent.",
                author=message.author_id.name,
                date=record._format_both(record._get_local_day(message.date)),
            )
        )

    def _is_written_by_people(self):
        """Whether a person wrote this message, or wrote it to finish an activity."""
        return self.message_type in WRITTEN_TYPES or bool(self.mail_activity_type_id)

    # -- rights to write messages ------------------------------------------------------

    def _check_beneficiary_voice(self):
        """Raise if the acting user has no right to write these messages (R21, R26).

        On the addon's records, a user who makes, edits, hides or moves a message that
        an applicant can read must speak for the association, or be that applicant.
        Nobody writes under the name of somebody else. Superuser rights (``sudo``) do
        not help: the acting user counts.

        :raise AccessError: unless the user may write every message
        """
        if self.env.uid == SUPERUSER_ID:
            return
        user = self.env.user
        checked = self.sudo()
        if self.env.context.get("beneficiary_note") is LOGGED:
            checked = checked.filtered(lambda message: message._is_outgoing())
        ours = checked._filter_beneficiary_messages()
        for model, messages in ours.grouped("model").items():
            outgoing = messages.filtered(lambda message: message._is_outgoing())
            records = self.env[model].sudo(False).browse(messages.mapped("res_id"))
            records._check_may_write_message()
            names = user.partner_id
            if user._speaks_for_association():  # templates use the association's name
                names |= records.sudo().company_id.partner_id
            if not all(one.author_id and one.author_id <= names for one in messages):
                raise AccessError(
                    self.env._(
                        "You write messages under your own name. Write it again, and "
                        "choose no author."
                    )
                )
            if outgoing and not user._is_portal():
                records._check_may_speak()

    def _message_reaction(self, content, action, partner, guest, store=None):
        """Treat a reaction under an applicant's message as a word to them (R21)."""
        words = self._filter_beneficiary_messages().filtered(
            lambda message: message._is_outgoing()
        )
        if words and not self.env.user._is_portal():
            thread = self.env[words.model].sudo(False).browse(words.res_id)
            thread._check_may_speak()
        return super()._message_reaction(content, action, partner, guest, store)

    def _filter_beneficiary_messages(self):
        """Return those of these messages that are on the addon's records.

        The result is as superuser, because the acting user may not read all of them.
        """
        return self.sudo().filtered(
            lambda message: message.res_id and message._is_of_beneficiary_record()
        )

    def _is_of_beneficiary_record(self):
        return self.env["mail.thread"]._is_beneficiary_thread(self.model)

    def _is_outgoing(self):
        """Whether people outside the association can read or receive this message."""
        is_public = self.subtype_id and not (
            self.is_internal or self.subtype_id.internal
        )
        return bool(
            is_public
            or self.message_type == "email_outgoing"
            or self.outgoing_email_to
            or self.partner_ids.filtered("partner_share")
        )
