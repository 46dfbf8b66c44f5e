from odoo import models
from odoo.tools import email_normalize

TODO = "mail.mail_activity_data_todo"


class ThreadNews(models.AbstractModel):
    """What comes in from outside is somebody's task the same day (R48).

    An answer to an automatic e-mail, a message on the portal and an e-mail that comes
    back all plan one activity on the record, for its officer or a manager. While it is
    open, further messages plan no other one. The author of a message decides, not the
    user who acts: the mail gateway acts for everybody.
    """

    _inherit = "beneficiary.thread.mixin"

    def _message_post_after_hook(self, message, msg_values):
        if self._is_from_outside(message):
            self.sudo()._tell_of_news(  # the author may have no rights
                lambda env: env._("A message came in: read and answer it")
            )
        return super()._message_post_after_hook(message, msg_values)

    def _message_receive_bounce(self, email, partner):
        result = super()._message_receive_bounce(email, partner)
        for record in self.sudo():  # the gateway may act for anybody
            record._tell_of_bounce(
                lambda env: env._("A message came back: correct the address")
            )
        return result

    def _is_from_outside(self, message):
        """Whether somebody outside the office wrote ``message`` on this record."""
        author = message.sudo().author_id
        if message.message_type == "comment":
            own = self.sudo().company_id.partner_id  # templates speak in its name
            return bool(author.partner_share and author != own)
        if message.message_type != "email":
            return False
        return author in self._get_applicant_contacts() or not self._is_of_staff(
            email_normalize(message.email_from or "")
        )

    def _is_of_staff(self, email):
        """Whether ``email`` is the address of a colleague in the association."""
        return bool(
            email
            and self.env["res.users"]
            .sudo()
            .search_count(
                [
                    ("share", "=", False),
                    ("email_normalized", "=", email),
                    ("company_ids", "in", self.sudo().company_id.ids),
                ],
                limit=1,
            )
        )

    def _tell_of_news(self, summary):
        """Plan the activity, unless one is open.

        :param summary: function that takes the environment of the user and returns
            the words
        """
        if not hasattr(self, "activity_schedule"):
            return
        for record in self:
            if record.activity_search([TODO], only_automated=True):
                continue
            user = record._get_news_user()
            if user:
                record.activity_schedule(
                    TODO,
                    date_deadline=record.company_id._get_beneficiary_today(),
                    summary=summary(record.with_context(lang=user.lang).env),
                    user_id=user.id,
                )

    def _tell_of_bounce(self, summary):
        """Plan the activity for a message that came back; see :meth:`_tell_of_news`."""
        self._tell_of_news(summary)

    def _get_news_user(self):
        """Return who reads what comes in on this record: its officer, or a manager."""
        self.ensure_one()
        company = self.company_id
        officer = self["officer_id" if "officer_id" in self._fields else "create_uid"]
        officer = officer.filtered(
            lambda user: (
                not user.share
                and user.active
                and company.id in user.sudo()._get_company_ids()  # kept in memory
            )
        )
        return officer or company._get_beneficiary_manager()
