from email.message import EmailMessage

from markupsafe import Markup

from odoo import models
from odoo.exceptions import ValidationError

from ...rules.upload import clean_name


class ThreadUpload(models.AbstractModel):
    """Attachments of e-mails: photos and PDFs only, as with any other upload.

    This applies to every sender, because the sender's address proves nothing. An e-mail
    is never lost because of an attachment: its text stays, and says which file was not
    kept, and why.
    """

    _inherit = "beneficiary.thread.mixin"

    def _process_attachments_for_post(
        self, attachments, attachment_ids, message_values
    ):
        attachment_ids = self._get_sent_ids(attachment_ids, message_values)
        is_outside = (
            message_values.get("message_type") == "email"
            or not self.env.user._is_internal()
        )
        if not (attachments and is_outside):
            return super()._process_attachments_for_post(
                attachments, attachment_ids, message_values
            )
        kept, refused = self._sort_attachments(attachments)
        body = Markup().join([message_values.get("body") or "", *refused])
        values = super()._process_attachments_for_post(
            kept, attachment_ids, {**message_values, "body": body}
        )
        return {"body": body, **values} if refused else values

    def _get_sent_ids(self, attachment_ids, message_values):
        """Return ids of the files to send, with copies of files in a record's field.

        The record may replace its file later, but the sent file must stay (R20).
        """
        attachments = self.env["ir.attachment"].sudo().browse(attachment_ids or [])
        in_fields = attachments.filtered("res_field")
        if not in_fields or not self.env.user._is_internal():
            return attachment_ids  # outsiders send only their own uploads
        in_fields.sudo(False).check_access("read")
        copies = in_fields.copy(
            {
                "res_model": message_values.get("model", self._name),
                "res_id": message_values.get("res_id", self.id),
                "res_field": False,
            }
        )
        return (attachments - in_fields + copies).ids

    def _sort_attachments(self, attachments):
        """Return the attachments that are kept, and a paragraph for each that is not.

        :param attachments: for each a name, a content and further values of Odoo's
            gateway
        """
        kept, refused = [], []
        uploads = self.env["beneficiary.upload.mixin"]
        for name, content, *info in attachments:
            try:
                cleaned = uploads._clean_upload(self._get_attached_bytes(content))
            except ValidationError as error:
                refused.append(
                    Markup("<p>%s</p>")
                    % self.env._(
                        "The file “%(name)s” of this e-mail was not kept. %(reason)s",
                        name=name,
                        reason=str(error),
                    )
                )
            else:
                kept.append((clean_name(name, cleaned), cleaned, *info))
        return kept, refused

    def _get_attached_bytes(self, content):
        if isinstance(content, EmailMessage):
            return content.as_bytes()
        return content.encode() if isinstance(content, str) else content or b""
