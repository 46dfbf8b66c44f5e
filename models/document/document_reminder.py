from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sms.tools.sms_tools import sms_content_to_rendered_html

from ...rules import flow, identity

ACTIVITY = "beneficiary_relations.mail_activity_type_renewal"
TEMPLATE = "beneficiary_relations.mail_template_renewal"
TEXT = "beneficiary_relations.sms_template_renewal"
# A message that a carrier refused is sent again on each of so many days.
RESEND_DAYS = 7
# A reminder that could not be made is tried again after this many hours.
RETRY_HOURS = 20


class DocumentReminder(models.Model):
    """Reminders to renew a paper before it ends, once for each paper.

    The officer gets an activity on the file, and the person gets an e-mail and a text
    message, as they wish. The association sets how many days before the end. A newer
    version ends the officer's activity, and has its own reminder later.
    """

    _inherit = "beneficiary.document"

    reminded_on = fields.Datetime(readonly=True, copy=False)
    reminder_retry_on = fields.Datetime(readonly=True, copy=False)
    reminder_activity_id = fields.Many2one(
        "mail.activity", readonly=True, copy=False, index="btree_not_null"
    )

    _reminder_due = models.Index(
        "(company_id, valid_until) WHERE is_current IS TRUE AND reminded_on IS NULL"
    )

    def write(self, vals):
        if not {"type_id", "issue_date", "expiry_date"} & vals.keys():
            return super().write(vals)
        ends = {document: document.valid_until for document in self}
        result = super().write(vals)
        changed = self.filtered(lambda document: document.valid_until != ends[document])
        changed.sudo()._end_reminders()
        return result

    def unlink(self):
        self.sudo()._end_reminders()
        return super().unlink()

    def _end_reminders(self):
        """Take back the activities of papers that were renewed or corrected."""
        reminded = self.filtered("reminded_on")
        reminded.reminder_activity_id.filtered("active").unlink()
        reminded._write_kept({"reminded_on": False})

    @api.model
    def _cron_remind(self):
        """Remind of all papers that end within the days that an association has set."""
        self._send_again()
        now = fields.Datetime.now()
        ready = Domain("reminder_retry_on", "=", False) | Domain(
            "reminder_retry_on", "<=", now
        )
        associations = self.env["res.company"].search(
            [("beneficiary_paper_reminder_days", ">", 0)]
        )
        for (today, soon), companies in associations.grouped(
            lambda company: company._get_beneficiary_paper_days()
        ).items():
            if not self._sweep(
                Domain("company_id", "in", companies.ids)
                & Domain("is_current", "=", True)
                & Domain("reminded_on", "=", False)
                & Domain("valid_until", ">=", today)
                & Domain("valid_until", "<=", soon)
                & Domain("beneficiary_id.state", "in", ("new", "active"))
                & Domain("beneficiary_id.active", "=", True)
                & ready,
                lambda documents: documents._remind(),
            ):
                return

    def _remind(self):
        """Remind of these papers, all of one association."""
        wanted = [
            (document, user, document._get_reminder_summary(user))
            for document, user in self._get_reminder_users().items()
        ]
        activities = self.env["beneficiary.beneficiary"]._schedule_activities(
            ACTIVITY,
            [
                (document.beneficiary_id, user, summary)
                for document, user, summary in wanted
            ],
        )
        for (document, _user, _summary), activity in zip(
            wanted, activities, strict=True
        ):
            document._write_kept({"reminder_activity_id": activity.id})
        self._filter_reached_by("email")._send_emails()
        self._filter_reached_by("sms")._send_texts()
        self._write_kept({"reminded_on": fields.Datetime.now()})

    def _filter_reached_by(self, channel):
        return self.filtered(
            lambda document: (
                channel in document.beneficiary_id.sudo()._get_notice_channels()
            )
        )

    def _send_emails(self):
        self.env.ref(TEMPLATE).send_mail_batch(self.ids)

    def _send_texts(self):
        """Put one text for each of these papers into Odoo's queue, in one batch.

        Telephones are shared: the text does not say which paper it is. Its message
        tells the queue whose provider sends it.
        """
        bodies = self.env.ref(TEXT)._render_field("body", self.ids, compute_lang=True)
        messages = self.env["mail.message"].create(
            [
                {
                    "model": document._name,
                    "res_id": document.id,
                    "message_type": "sms",
                    "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id(
                        "mail.mt_note"
                    ),
                    "is_internal": True,
                    "author_id": document.company_id.partner_id.id,
                    "record_company_id": document.company_id.id,
                    "body": sms_content_to_rendered_html(bodies[document.id]),
                    "email_from": False,
                    "reply_to": False,
                }
                for document in self
            ]
        )
        self.env["sms.sms"].create(
            [
                {
                    "mail_message_id": message.id,
                    "number": identity.dialled(document.beneficiary_id.notice_phone),
                    "body": bodies[document.id],
                }
                for document, message in zip(self, messages, strict=True)
            ]
        )

    @api.model
    def _send_again(self):
        """Queue the reminders again that their carriers refused; none of them left."""
        since = fields.Datetime.now() - timedelta(days=RESEND_DAYS)
        refused = Domain("mail_message_id.model", "=", self._name) & Domain(
            "create_date", ">=", since
        )
        mails = self.env["mail.mail"]
        mails.search(refused & Domain("state", "=", "exception")).mark_outgoing()
        texts = self.env["sms.sms"].search(refused & Domain("state", "=", "error"))
        texts.write({"state": "outgoing", "failure_type": False})

    def _get_portal_link(self):
        """Return the whole address of the page with the person's papers."""
        return f"{self.get_base_url()}/my/papers"

    def _get_reminder_users(self):
        """Return ``{paper: user to remind}``.

        The user is the officer of the file's latest open request, or else the officer
        of the file. If this officer has left or may not read the paper, it is the
        manager.
        """
        company = self.company_id
        requests = self.env["beneficiary.request"].search(
            [
                ("beneficiary_id", "in", self.beneficiary_id.ids),
                ("state", "not in", tuple(flow.CLOSED)),
                ("officer_id", "!=", False),
            ],
            order="id",
        )
        officers = {file: file.officer_id for file in self.beneficiary_id}
        officers |= {request.beneficiary_id: request.officer_id for request in requests}
        manager = company._get_beneficiary_manager()
        users = dict.fromkeys(self, manager) if manager else {}
        for officer, documents in self.grouped(
            lambda document: officers[document.beneficiary_id]
        ).items():
            if officer.active and company in officer.company_ids:
                readable = documents.with_user(officer).with_context(
                    allowed_company_ids=company.ids
                )
                readable = readable._filtered_access("read")
                users.update(dict.fromkeys(readable.with_env(self.env), officer))
        return users

    def _get_reminder_summary(self, user):
        """Return the text of the activity, in the language of ``user``.

        Everybody who reads the file reads this text, so it does not name a restricted
        paper.
        """
        kind = self.type_id.with_context(lang=user.lang)
        if kind.restriction != "none":
            return kind.env._("A paper of this file ends soon: ask for a newer one")
        return kind.env._(
            "“%(paper)s” of this file ends soon: ask for a newer one", paper=kind.name
        )

    def _postpone(self, error):
        """Leave the paper for a later run if its reminder could not be made."""
        self._write_kept(
            {"reminder_retry_on": fields.Datetime.now() + timedelta(hours=RETRY_HOURS)}
        )
