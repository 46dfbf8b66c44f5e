from odoo import SUPERUSER_ID, api, fields, models

TEMPLATES = {
    "review_notice": "beneficiary_relations.mail_template_review_notice",
    "reply": "beneficiary_relations.mail_template_reply",
}


class Notice(models.Model):
    """One message to an applicant: an event of a round, on a channel, once (R20, R22).

    The unique index makes "once" exact; the message itself leaves through Odoo's
    mail queue, with an identifier of its own. Written by the moves of a request.
    """

    _name = "beneficiary.notice"
    _inherit = ["beneficiary.mixin"]
    _description = "Notice to the Applicant"
    _order = "id desc"
    _rec_name = "event"

    request_id = fields.Many2one(
        "beneficiary.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True
    )
    event = fields.Selection(
        [("review_notice", "Committee and Period"), ("reply", "Reply")], required=True
    )
    round = fields.Integer(required=True)
    channel = fields.Selection([("email", "E-mail")], required=True, default="email")
    mail_message_id = fields.Many2one("mail.message", ondelete="set null")
    queued_on = fields.Datetime(required=True)

    _once = models.Constraint(
        "UNIQUE (request_id, event, round, channel)",
        "This notice was already queued.",
    )

    @api.model
    def _queue(self, requests, event):
        """Queue the notice of ``event`` for those of ``requests`` who have an e-mail.

        Nothing is sent twice: a notice that exists is left alone.

        :return: the new notices
        """
        requests = requests.sudo()  # notices are nobody's to write by hand
        known = self.sudo().search(
            [("request_id", "in", requests.ids), ("event", "=", event)]
        )
        sent = {(notice.request_id, notice.round) for notice in known}
        due = requests.filtered(
            lambda request: (
                request.beneficiary_id.email and (request, request.round) not in sent
            )
        )
        due.beneficiary_id._get_or_create_contacts()
        notices = self.sudo().create(  # as above
            [
                {
                    "request_id": request.id,
                    "event": event,
                    "round": request.round,
                    "queued_on": fields.Datetime.now(),
                }
                for request in due
            ]
        )
        notices._create_mails(event)
        return notices

    def _create_mails(self, event):
        """Put one e-mail for each notice into Odoo's queue, in one batch."""
        if not self:
            return
        # It reads what some who move a request may not: the contact, the e-mail.
        template = self.env.ref(TEMPLATES[event]).sudo()
        rendered = template._generate_template(
            self.request_id.ids,
            ("subject", "body_html", "email_from", "auto_delete", "model", "res_id"),
        )
        vals_list = []
        for notice in self:
            values = rendered[notice.request_id.id]
            vals_list.append(
                {
                    "subject": values["subject"],
                    "body": values["body_html"],
                    "body_html": values["body_html"],
                    "email_from": values["email_from"],
                    "auto_delete": False,
                    "model": "beneficiary.request",
                    "res_id": notice.request_id.id,
                    "recipient_ids": [
                        (4, notice.request_id.beneficiary_id.partner_id.id)
                    ],
                    "message_id": notice._get_message_id(),
                    "is_internal": True,
                }
            )
        # The association's own word, whoever made the move: a member of the committee
        # who closes a study writes to no applicant.
        mails = self.env["mail.mail"].with_user(SUPERUSER_ID).create(vals_list)
        for notice, mail in zip(self, mails, strict=True):
            notice.mail_message_id = mail.mail_message_id

    def _get_message_id(self):
        """Return the Message-ID, the same however often the mail is made."""
        self.ensure_one()
        domain = self.company_id.alias_domain_id.name or "localhost"
        return (
            f"<request-{self.request_id.id}-{self.event}-{self.round}"
            f"-{self.channel}@{domain}>"
        )
