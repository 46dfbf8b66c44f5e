from odoo import models

# What an applicant may choose of a message; all else is decided here.
PORTAL_MESSAGE = ("body", "attachment_ids")
# With these Odoo makes a rating of a message, by whoever posts it.
RATING = ("rating_id", "rating_value")


class ThreadMixin(models.AbstractModel):
    """A record that people write on, each within their role.

    :Who may: the front desk speaks to the applicant; researchers and committee
        members note what they wish among staff, on requests that they only read;
        applicants write comments on their own requests; auditors write nothing.

    ``mail.message`` guards the same against messages that are made or edited past
    these methods.
    """

    _name = "beneficiary.thread.mixin"
    _inherit = ["mail.thread"]
    _description = "Conversation About a Record"

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Where reading is enough to write a message or plan: not for auditors."""
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if (
            message_operation == "create"
            and not self.env.user._takes_part_in_requests()
        ):
            return dict.fromkeys(operations, "write")
        return operations

    def message_post(self, **kwargs):
        """Post a message; who does not speak for the association writes notes only.

        A comment can be read on the portal, and what the committee says among
        itself never reaches the applicant (R21).
        """
        user = self.env.user
        for name in RATING:
            kwargs.pop(name, None)
        if user._is_portal():
            kwargs = {name: kwargs[name] for name in PORTAL_MESSAGE if name in kwargs}
            kwargs.update(message_type="comment", subtype_xmlid="mail.mt_comment")
        elif not user._speaks_for_association():
            kwargs.update(subtype_id=False, subtype_xmlid="mail.mt_note")
        return super().message_post(**kwargs)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Who follows what they may not read any more is told nothing of it.

        Terms in a committee and guardianships end; who followed goes on following.
        """
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        users = self.env["res.users"].sudo()  # colleagues of other associations too
        return [
            recipient
            for recipient in recipients
            if not (self and recipient["uid"])
            or self._is_read_by(users.browse(recipient["uid"]))
        ]

    def _is_read_by(self, user):
        """Whether ``user`` may read this record, in its association."""
        self.ensure_one()
        company = self.company_id
        record = self.with_user(user).with_context(allowed_company_ids=company.ids)
        return company <= user.company_ids and record.has_access("read")

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Who may write a message on a record may follow it; reading is not enough."""
        self._check_may_write_message()
        return super().message_subscribe(partner_ids, subtype_ids)

    def _check_may_write_message(self):
        """Raise unless the acting user may write messages on these records."""
        group = self._mail_group_by_operation_for_mail_message_operation
        for operation, records in group("create").items():
            records.check_access(operation)
