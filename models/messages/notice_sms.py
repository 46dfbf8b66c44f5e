from odoo import SUPERUSER_ID, api, models

from odoo.addons.sms.tools.sms_tools import sms_content_to_rendered_html

from ...rules import identity


class NoticeSms(models.Model):
    """The text message of a notice, through Odoo's SMS queue.

    The text is short and in the language of the person. It says nothing about a
    decision, because telephones are shared. Odoo's tracker of the message updates its
    notification, which tells whether the text left, was delivered, or failed.
    """

    _inherit = "beneficiary.notice"

    def _send_sms(self):
        """Put one text message for each notice into Odoo's queue, in batches."""
        for notices in self.grouped("event").values():
            bodies = notices._render_texts()
            env = self.with_user(SUPERUSER_ID).env
            messages = env["mail.message"].create(
                [
                    {
                        **notice._prepare_message_vals(),
                        "message_type": "sms",
                        "subtype_id": env["ir.model.data"]._xmlid_to_res_id(
                            "mail.mt_note"
                        ),
                        "body": sms_content_to_rendered_html(bodies[notice]),
                        # Nobody answers a text by e-mail.
                        "email_from": False,
                        "reply_to": False,
                    }
                    for notice in notices
                ]
            )
            texts = notices._create_texts(messages, bodies)
            notifications = env["mail.notification"].create(
                [
                    {
                        "mail_message_id": text.mail_message_id.id,
                        "notification_type": "sms",
                        "notification_status": "ready",
                        "is_read": True,
                        **notices._prepare_text_link(text),
                    }
                    for text in texts
                ]
            )
            for notice, notification in zip(notices, notifications, strict=True):
                notice.notification_id = notification
            notices._track_texts(texts)

    def _resend_sms(self):
        """Send the text again, to the number that the file has today."""
        for notices in self.grouped("event").values():
            lost = notices.filtered(lambda notice: not notice.notification_id)
            lost._send_sms()
            notices -= lost
            if not notices:
                continue
            notices.env["sms.sms"].search(
                [("mail_message_id", "in", notices.mail_message_id.ids)]
            ).unlink()
            notices.notification_id.write(
                {
                    "notification_status": "ready",
                    "failure_type": False,
                    "failure_reason": False,
                }
            )
            messages = [notice.mail_message_id for notice in notices]
            texts = notices._create_texts(messages, notices._render_texts())
            for notice, text in zip(notices, texts, strict=True):
                notice.notification_id.write(self._prepare_text_link(text))
            notices._track_texts(texts)

    def _render_texts(self):
        """Return the text of each notice, in the language of its person."""
        subjects = {notice: notice._get_subject().id for notice in self}
        bodies = self._get_template("sms")._render_field(
            "body", [*subjects.values()], compute_lang=True
        )
        return {notice: bodies[subject] for notice, subject in subjects.items()}

    def _create_texts(self, messages, bodies):
        """Create the queued text of each notice.

        :param messages: the message of each notice
        :param bodies: ``{notice: text}`` as staff read it
        :return: the texts, in the order of the notices
        """
        secret = self._with_secrets()
        if secret.env != self.env:
            bodies = secret._render_texts()
        return self.env["sms.sms"].create(
            [
                {
                    "mail_message_id": message.id,
                    "number": identity.dialled(
                        notice.request_id.beneficiary_id.notice_phone or ""
                    ),
                    "body": bodies[notice],
                }
                for notice, message in zip(self, messages, strict=True)
            ]
        )

    @api.model
    def _prepare_text_link(self, text):
        """Return the values by which a notification knows its text."""
        return {"sms_id_int": text.id, "sms_number": text.number}

    def _track_texts(self, texts):
        """Create what reports on the text of each notice."""
        self.env["sms.tracker"].create(
            [
                {
                    "sms_uuid": text.uuid,
                    "mail_notification_id": notice.notification_id.id,
                }
                for notice, text in zip(self, texts, strict=True)
            ]
        )
