import io

from werkzeug.datastructures import FileStorage

from odoo.exceptions import ValidationError
from odoo.http import request, route

from odoo.addons.mail.controllers.attachment import AttachmentController
from odoo.addons.mail.tools.discuss import add_guest_to_context

from ..rules.upload import clean_name


class BeneficiaryAttachmentController(AttachmentController):
    @route()
    @add_guest_to_context
    def mail_attachment_upload(
        self, ufile, thread_id, thread_model, is_pending=False, **kwargs
    ):
        """Take only photos and PDFs from outside, and say why others are refused.

        A file of an unsent message belongs to no record yet, so only the route knows
        the record it is for.
        """
        try:
            if self._comes_from_outside(thread_model, thread_id, **kwargs):
                ufile = self._clean(ufile)
            return super().mail_attachment_upload(
                ufile, thread_id, thread_model, is_pending, **kwargs
            )
        except ValidationError as error:
            # In the form that Odoo's own client expects: for a plain text the client
            # only says that "an error occurred".
            return request.make_json_response({"error": {"message": str(error)}})

    def _comes_from_outside(self, thread_model, thread_id, **kwargs):
        attachments = request.env["ir.attachment"]
        return (
            not request.env.user._is_internal()
            and attachments._is_in_beneficiary_thread(thread_model, None)
            and self._get_thread_with_access_for_post(thread_model, thread_id, **kwargs)
        )

    def _clean(self, ufile):
        content = request.env["beneficiary.upload.mixin"]._clean_upload(ufile.read())
        return FileStorage(io.BytesIO(content), clean_name(ufile.filename, content))
