from markupsafe import Markup

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError

from ...rules import arabic
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
# The author of a message may correct these. Its time and its kind stay.
CORRECTABLE_FIELDS = frozenset(["attachment_ids", "body", "partner_ids"])
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
    ]
)
# Types of messages that people write. The addon writes all others, or sent them.
WRITTEN_TYPES = ("comment", "email")


class MailMessage(models.Model):
    _inherit = "mail.message"

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
        before = self._get_words() if CORRECTABLE_FIELDS & vals.keys() else {}
        result = super().write(vals)
        self._log_corrected_words(before)
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
        """Raise unless the user may write the fields ``names`` of these messages.

        The addon's own notes on a record are its history. People correct their own
        messages, and :meth:`_log_corrected_words` keeps the earlier text.

        :raise AccessError: unless the user wrote each message, and ``names`` may be
            corrected
        """
        if self.env.su:
            names &= (SAID_FIELDS - CARRIER_FIELDS) | {"tracking_value_ids"}
        if self.env.uid == SUPERUSER_ID or not names:
            return
        for message in self._filter_beneficiary_messages():
            if not message._is_written_by_people():
                raise AccessError(
                    self.env._(
                        "Nobody can change the notes that a record keeps about its "
                        "steps. Write a note of your own."
                    )
                )
            if (
                names - CORRECTABLE_FIELDS
                or message.author_id != self.env.user.partner_id
            ):
                raise AccessError(
                    self.env._(
                        "What was said, when and to whom, stays. Whoever wrote a "
                        "message may correct its words; others write a new one."
                    )
                )

    def _refuse_to_forget(self):
        if self._filter_beneficiary_messages():
            raise AccessError(
                self.env._(
                    "Messages on this record are not deleted: they tell how it was "
                    "dealt with. Whoever wrote one may correct its words."
                )
            )

    def _get_words(self):
        """Return the correctable fields of these messages, by message."""
        if self.env.uid == SUPERUSER_ID:
            return {}
        return {
            message: {name: message[name] for name in CORRECTABLE_FIELDS}
            for message in self._filter_beneficiary_messages()
        }

    def _log_corrected_words(self, before):
        """Keep the earlier content of these messages as notes among staff (R20).

        A file that was taken off is attached to the note, and is not lost.

        :param before: as :meth:`_get_words` returned it
        """
        for message, words in before.items():
            if body := message._describe_correction(words):
                taken = words["attachment_ids"] - message.attachment_ids
                record = self.env[message.model].browse(message.res_id)
                record.sudo()._message_log(  # an applicant writes no note themselves
                    body=body,
                    attachment_ids=taken.ids,
                )

    def _describe_correction(self, words):
        """Return a description of the changes since this message was ``words``."""
        paragraph = Markup("<p>%s</p>")
        body = Markup()
        if self.body != words["body"]:
            body += paragraph % self.env._(
                "A message was corrected by its author. It read:"
            )
            body += Markup("<blockquote>%s</blockquote>") % words["body"]
        if taken := words["attachment_ids"] - self.attachment_ids:
            body += paragraph % self.env._(
                "Files that the author of a message took off, and that are kept here: "
                "%(files)s",
                files=arabic.listed(taken.mapped("name"), self.env.lang or ""),
            )
        if added := self.attachment_ids - words["attachment_ids"]:
            body += paragraph % self.env._(
                "Files that the author of a message added later: %(files)s",
                files=arabic.listed(added.mapped("name"), self.env.lang or ""),
            )
        if self.partner_ids != words["partner_ids"]:
            body += paragraph % self.env._(
                "A message was addressed anew by its author. Before, it named: "
                "%(names)s",
                names=arabic.listed(
                    words["partner_ids"].mapped("name"), self.env.lang or ""
                )
                or self.env._("Nobody"),
            )
        return body

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
        ours = self._filter_beneficiary_messages()
        for model, messages in ours.grouped("model").items():
            outgoing = messages.filtered(lambda message: message._is_outgoing())
            is_logged = self.env.context.get("beneficiary_note") is LOGGED
            checked = outgoing if is_logged else messages
            records = self.env[model].sudo(False).browse(checked.mapped("res_id"))
            records._check_may_write_message()
            names = user.partner_id
            if user._speaks_for_association():  # templates use the association's name
                names |= records.sudo().company_id.partner_id
            if not all(one.author_id and one.author_id <= names for one in checked):
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
