from collections import defaultdict

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize, is_html_empty

from ...rules import conversation

# Values of a message that an applicant may choose; all others are set here.
PORTAL_MESSAGE = ("body", "attachment_ids")
# These make Odoo create a rating with a message, whoever posts it.
RATING = ("rating_id", "rating_value")
# Nobody chooses the author or the time of a message: both follow from the session.
AUTHORSHIP = (
    "author_id",
    "author_guest_id",
    "date",
    "email_from",
    "message_id",
    "record_alias_domain_id",
    "record_company_id",
    "reply_to",
)
# Values that make Odoo send a post as a text message.
TEXTED = frozenset(["sms_numbers", "sms_pid_to_number"])
# Marks in a context, for notes of the addon itself and for posts by Odoo's own methods.
# They are objects, and nobody can send an object over RPC.
LOGGED = object()
POSTED = object()
# Parts of an e-mail link that would open a record to anybody who has the link.
LINK_SECRETS = ("access_token", "auth_login", "auth_signup_token", "hash", "pid")


class ThreadMixin(models.AbstractModel):
    """A record that people write on, each within their role.

    :Who may: the table of :mod:`..rules.conversation` decides. The front desk speaks to
        the applicant; researchers and committee members write notes among staff, also
        on requests that they may only read; applicants write comments on their own
        requests; auditors write nothing. An e-mail counts as the applicant's message if
        it came from an address of the file; otherwise it is a note of an unproven
        sender.

    ``mail.message`` applies the same rights to messages that are made or edited past
    these methods.
    """

    _name = "beneficiary.thread.mixin"
    _inherit = ["mail.thread"]
    _description = "Conversation About a Record"

    # Whether an applicant can read such a record, and the messages on it.
    _has_applicant = False

    # -- rights to write ---------------------------------------------------------------

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Require write access to create a message, unless the user takes part.

        To write a message or plan an activity, read access may be enough for users who
        take part in requests. For others, such as auditors, it is not.
        """
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if (
            message_operation == "create"
            and not self.env.user._takes_part_in_requests()
        ):
            return dict.fromkeys(operations, "write")
        return operations

    def _check_may_write_message(self):
        """Raise unless the acting user may write messages on these records."""
        group = self._mail_group_by_operation_for_mail_message_operation
        for operation, records in group("create").items():
            records.check_access(operation)

    def _check_may_speak(self):
        """Raise unless the acting user speaks to applicants on these records (R21)."""
        self._check_may_write_message()
        if not self.env.user._speaks_for_association():
            raise AccessError(
                self.env._(
                    "Only the relations office writes messages that an applicant can "
                    "read. Write a note instead."
                )
            )

    def message_post(self, **kwargs):
        """Post a message; people who do not speak for the association write notes only.

        A comment can be read on the portal, but the committee's internal messages must
        never reach the applicant (R21). The user who posts is the author: nobody
        chooses another one. Only the mail gateway posts for others.
        """
        user = self.env.user
        for name in RATING:
            kwargs.pop(name, None)
        if self.env.uid == SUPERUSER_ID:
            if kwargs.get("message_type") == "email":
                kwargs = self._take_mail(kwargs)
            return super().message_post(**kwargs)
        for name in AUTHORSHIP:
            kwargs.pop(name, None)
        if user._is_portal():
            kwargs = {name: kwargs[name] for name in PORTAL_MESSAGE if name in kwargs}
            kwargs.update(message_type="comment", subtype_xmlid="mail.mt_comment")
        elif user._speaks_for_association():
            kwargs = self._tell_applicants(kwargs)
        else:
            if kwargs.get("message_type") == "sms" or TEXTED & kwargs.keys():
                self._check_may_speak()
            kwargs.update(subtype_id=False, subtype_xmlid="mail.mt_note")
        if not self.env.su:
            kwargs.setdefault("message_type", "comment")
        if kwargs.get("message_type") == "email":
            kwargs["message_type"] = "comment"
        return super().message_post(**kwargs)

    def _tell_applicants(self, kwargs):
        """Return ``kwargs``; a comment gets the applicant as recipient.

        Delegates may not read the contact, so the addon adds it for them.
        """
        comment = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        subtype = kwargs.get("subtype_xmlid") or kwargs.get("subtype_id")
        if subtype not in ("mail.mt_comment", comment) or not self._has_applicant:
            return kwargs
        told = self._get_told_contacts().ids
        return {**kwargs, "partner_ids": [*{*(kwargs.get("partner_ids") or []), *told}]}

    def _get_applicant_contacts(self):
        """Return, as superuser, the contacts of the people this record is about."""
        return self.env["res.partner"].sudo()

    def _get_told_contacts(self):
        """Return those of these contacts who receive the office's words today."""
        return self._get_applicant_contacts()

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        """Suggest contacts to people who may read them; others get an empty list."""
        if not self.env.user._knows_applicants():
            return {record.id: [] for record in self}
        return super()._message_get_suggested_recipients_batch(*args, **kwargs)

    def _message_log_batch(self, bodies, *args, **kwargs):
        """Log notes after checking the right to write them; Odoo's composers do not.

        The addon itself logs as superuser, because some users may make a move but not
        write a note.
        """
        if not self.env.su:
            self._check_may_write_message()
        logging = self.with_context(beneficiary_note=LOGGED)
        return super(ThreadMixin, logging)._message_log_batch(bodies, *args, **kwargs)

    def _message_update_content(self, message, /, *, body, **kwargs):
        """Mark a message that its author deletes as withdrawn; nothing else changes it.

        Odoo deletes a message by emptying it (R20).

        :raise AccessError: when words or files would change, or somebody else wrote it
        """
        is_emptied = body is not None and is_html_empty(body)
        if is_emptied and not kwargs.get("attachment_ids"):
            message.sudo(False)._withdraw()
            return None
        return super()._message_update_content(message, body=body, **kwargs)

    # -- incoming e-mails --------------------------------------------------------------

    def _take_mail(self, kwargs):
        """Return the ``kwargs`` with which an e-mail from outside is posted.

        The gateway acts for everybody, and a sender's address is only a claim. An
        e-mail that did not come from an address of the file has no author, and only
        staff read it.
        """
        self.ensure_one()
        sender = kwargs.get("email_from") or ""
        author = self._get_mail_author(email_normalize(sender))
        is_proven = author is not False
        kwargs = {
            **kwargs,
            "author_id": is_proven and author.id,
            "partner_ids": [],
        }
        if not is_proven:
            lang = self.company_id._get_beneficiary_lang()
            mark = self.with_context(lang=lang).env._(
                "Unproven sender: this e-mail says that it comes from %(sender)s. It "
                "was not written from an address of the file.",
                sender=sender,
            )
            kwargs["body"] = Markup("<p><b>%s</b></p>%s") % (
                mark,
                kwargs.get("body") or "",
            )
        is_word = is_proven and self._has_applicant
        subtype = "mail.mt_comment" if is_word else "mail.mt_note"
        kwargs.update(subtype_id=False, subtype_xmlid=subtype, is_internal=not is_word)
        return kwargs

    def _get_mail_author(self, email):
        """Return the contact that wrote from ``email``, a normalized address.

        :return: an empty record for a person who has no contact; False if the address
            proves nobody
        """
        return False

    # -- links that need no sign-in ----------------------------------------------------

    @api.model
    def _get_thread_with_access(
        self,
        thread_id,
        *,
        hash=None,  # noqa: A002 - Odoo's own name
        pid=None,
        token=None,
        **kwargs,
    ):
        """Open a record to people with the right to read it: a link gives no right.

        Links are forwarded and stay in mailboxes. Following one needs sign-in.
        """
        return super()._get_thread_with_access(thread_id, **kwargs)

    @api.model
    def _get_action_link_params(self, link_type, **kwargs):
        """Build links without secrets: an address alone opens nothing."""
        secrets = LINK_SECRETS if link_type == "view" else ()
        return super()._get_action_link_params(
            link_type,
            **{name: value for name, value in kwargs.items() if name not in secrets},
        )

    # -- recipients and followers ------------------------------------------------------

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Keep recipients that the table names and that may read the record today.

        A committee term or a guardianship ends, but the person is still a follower.
        """
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        if not self:
            return recipients
        is_word = self._has_applicant and message.sudo()._is_outgoing()
        kind = conversation.WORD if is_word else conversation.NOTE
        told = self._filter_told(
            kind, [recipient["uid"] for recipient in recipients if recipient["uid"]]
        )
        return [
            recipient
            for recipient in recipients
            if not recipient["uid"] or recipient["uid"] in told.ids
        ]

    def _filter_told(self, kind, user_ids):
        """Return those of these users who are told of messages of ``kind`` here."""
        users = self.env["res.users"].sudo().browse(user_ids)  # of all associations
        if self._has_applicant:
            roles = self._get_conversation_roles(users)
            users = users.filtered(lambda user: conversation.is_told(kind, roles[user]))
        return users.filtered(self._is_read_by)

    def _get_conversation_roles(self, users):
        """Return ``{user: roles}`` of ``users`` in the conversation on these records.

        The records are one group of :meth:`_group_by_conversation`.
        """
        return {user: user._get_conversation_roles() for user in users}

    def _group_by_conversation(self):
        """Return these records in groups in which everybody has the same roles."""
        return [self]

    def _is_read_by(self, user):
        """Whether ``user`` may read this record, in its association."""
        self.ensure_one()
        company = self.company_id
        record = self.with_user(user).with_context(allowed_company_ids=company.ids)
        return company <= user.company_ids and record.has_access("read")

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Let people follow records that they may write on; reading is not enough."""
        self._check_may_write_message()
        if self.env.su and not subtype_ids:
            # An activity makes its user a follower, and nearly always they are one.
            self = self._filter_unfollowed(partner_ids or [])
        return super().message_subscribe(partner_ids, subtype_ids)

    def _filter_unfollowed(self, partner_ids):
        """Return the records that not all of these partners follow, in one query."""
        wanted = {*partner_ids}
        following = defaultdict(set)
        for follower in self.env["mail.followers"].search_fetch(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("partner_id", "in", [*wanted]),
            ],
            ["res_id", "partner_id"],
        ):
            following[follower.res_id].add(follower.partner_id.id)
        return self.filtered(lambda record: following[record.id] != wanted)

    def _group_by_followers(self, partners):
        """Return ``[(records, partners who may follow them)]``, each record once.

        Followers of a record are told of the comments on it. People outside the
        association have no role; they follow a record if the office adds them.
        """
        if not self._has_applicant:
            return [(self, partners)]
        return [
            (records, records._filter_followers(partners))
            for records in self._group_by_conversation()
        ]

    def _filter_followers(self, partners):
        staff = partners.user_ids.filtered(lambda user: not user.share)
        roles = self._get_conversation_roles(staff)
        told = staff.filtered(
            lambda user: conversation.is_told(conversation.WORD, roles[user])
        )
        return partners - (staff.partner_id - told.partner_id)

    def _notify_thread_with_out_of_office(
        self, message, recipients_data, msg_vals=False, **kwargs
    ):
        """Send no automatic answer of an absent colleague: the office answers.

        Odoo would post the answer under the name of the message's author, on the
        author's own page.
        """
        return self.env["mail.message"]
