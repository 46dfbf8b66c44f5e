from odoo import SUPERUSER_ID, Command, models

RENDERED = ("subject", "body_html", "email_from", "auto_delete", "model", "res_id")


class NoticeEmail(models.Model):
    """The e-mail of a notice, through Odoo's mail queue.

    Odoo's notification of the mail tells whether it left, failed or bounced.
    """

    _inherit = "beneficiary.notice"

    def _send_email(self):
        """Put one e-mail for each notice into Odoo's queue, in one batch per event."""
        self.request_id.beneficiary_id._get_or_create_contacts()
        for notices in self.grouped("event").values():
            notices._create_mails()

    def _create_mails(self):
        requests = self.request_id
        subjects = [notice._get_subject().id for notice in self]
        generated = self._get_template("mail")._generate_template(subjects, RENDERED)
        rendered = dict(zip(self, map(generated.get, subjects), strict=True))
        # Computed in one batch: Odoo would look the addresses up one by one.
        replies = requests._notify_get_reply_to_batch(
            {one.request_id.id: rendered[one]["email_from"] for one in self},
            {request.id: request.company_id.partner_id.id for request in requests},
        )
        secrets = self._render_secret_bodies()
        vals_list = []
        for notice in self:
            values = rendered[notice]
            partner = notice.request_id.beneficiary_id.partner_id
            vals_list.append(
                {
                    **notice._prepare_message_vals(),
                    "subject": values["subject"],
                    "body": values["body_html"],
                    "body_html": secrets.get(notice, values["body_html"]),
                    "email_from": values["email_from"],
                    "reply_to": replies[notice.request_id.id],
                    # A secret does not stay in the queue once it has left.
                    "auto_delete": notice in secrets,
                    "is_notification": True,
                    "recipient_ids": [Command.link(partner.id)],
                }
            )
        # As superuser: a committee member who closes a study may not write to an
        # applicant.
        mails = self.env["mail.mail"].with_user(SUPERUSER_ID).create(vals_list)
        notifications = mails.env["mail.notification"].create(
            [
                {
                    "mail_message_id": mail.mail_message_id.id,
                    "mail_mail_id": mail.id,
                    "res_partner_id": mail.recipient_ids.id,
                    "notification_type": "email",
                    "notification_status": "ready",
                    "is_read": True,
                }
                for mail in mails
            ]
        )
        for notice, notification in zip(self, notifications, strict=True):
            notice.notification_id = notification

    def _render_secret_bodies(self):
        """Return the body of each notice that holds a secret link."""
        secret = self._with_secrets()
        if secret.env == self.env:
            return {}
        template = secret._get_template("mail")
        bodies = template._generate_template(secret.request_id.ids, ("body_html",))
        return {one: bodies[one.request_id.id]["body_html"] for one in self}

    def _resend_email(self):
        """Put the same e-mail, with the same identifier, into the queue again."""
        mails = self.env["mail.mail"].search(
            [("mail_message_id", "in", self.mail_message_id.ids)]
        )
        mails.mark_outgoing()
        waiting = self.filtered(
            lambda notice: notice.mail_message_id in mails.mail_message_id
        )
        waiting.notification_id.write(
            {
                "notification_status": "ready",
                "failure_type": False,
                "failure_reason": False,
            }
        )
        # An administrator may have deleted the other mails from the queue.
        (self - waiting)._send_email()
