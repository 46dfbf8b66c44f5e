import base64

from PIL import Image

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, ValidationError

from ...rules.upload import clean_name, decode

CONTENT = frozenset(["datas", "db_datas", "raw"])
# Fields that Odoo itself writes, as superuser, on a file that was sent: the link in an
# e-mail that is too large, and the thumbnail of a PDF.
CARRIED = frozenset(["access_token", "thumbnail"])


class IrAttachment(models.Model):
    """Files beside our records, outside their fields.

    People outside the association may attach only photos and PDFs to a conversation, as
    with any other upload. This class checks the portal; the conversation itself checks
    e-mails. A file in a field of a record is written on that record, which checks it.

    A file that was sent with a message is part of the message: it stays unchanged, and
    nobody takes it off (R20).
    """

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.user._is_internal():
            vals_list = [self._prepare_outside_vals(vals) for vals in vals_list]
        attachments = super().create(vals_list)
        for file in attachments.sudo():  # defaults may have set its place
            self._check_beneficiary_field(file.res_model, file.res_field)
            if file.public:
                self._check_not_public(file.res_model, file.res_field)
        return attachments

    def write(self, vals):
        self._check_fields_of_records()
        if vals.keys() - (CARRIED if self.env.su else frozenset()):
            self._check_not_sent()
        vals = self._prepare_place_vals(vals)
        if self.env.user._is_internal():
            return super().write(vals)
        vals = self._prepare_thumbnail_vals(vals)
        result = super().write(vals)
        if {"res_model", "res_id", "type", *CONTENT} & vals.keys():
            for attachment in self.sudo():
                attachment._clean_outside()
        return result

    def unlink(self):
        self._check_fields_of_records()
        files = self
        if self.env.su:  # a deleted message takes its own files along
            files = self.filtered(lambda file: not file._is_of_one_message())
        files._check_not_sent()
        return super().unlink()

    def generate_access_token(self):
        """Refuse permanent links to files of records (R43).

        :return: list of tokens
        :raise AccessError: for a file of a record, or one that was sent
        """
        self._check_fields_of_records()
        if not self.env.su:
            self._check_not_sent()
        return super().generate_access_token()

    def _delete_and_notify(self, message=None):
        """Delete files that were not sent; those of a message stay with it (R20).

        :raise AccessError: for a file of a record, or one that was sent
        """
        self.sudo(False)._check_fields_of_records()
        self._check_not_sent()
        return super()._delete_and_notify(message)

    # -- sent files stay unchanged -----------------------------------------------------

    def _get_beneficiary_messages(self):
        """Return the messages on our records that these files were sent with.

        Files in a field of a record are left out: the record keeps and replaces them.
        """
        files = self.sudo().filtered(lambda file: not file.res_field)
        messages = self.env["mail.message"].sudo()
        if files.ids:
            messages = messages.search([("attachment_ids", "in", files.ids)])
        return messages._filter_beneficiary_messages()

    def _is_of_one_message(self):
        """Whether this file was made for a message, and was sent with no other."""
        messages = self.env["mail.message"].sudo()
        return self.res_model == "mail.message" and (
            messages.search_count([("attachment_ids", "in", self.ids)], limit=2) == 1
        )

    def _is_of_letter(self):
        """Whether a person sent one of these files with a letter on the portal."""
        return bool(
            self.ids
            and self.env["beneficiary.interaction"]
            .sudo()
            .search_count([("sent_file_ids", "in", self.ids)], limit=1)
        )

    def _check_not_sent(self):
        """Raise if one of these files was sent with a message or a letter (R20).

        :raise AccessError: unless the addon itself, as superuser, acts
        """
        if self.env.uid != SUPERUSER_ID and (
            self._get_beneficiary_messages() or self._is_of_letter()
        ):
            raise AccessError(
                self.env._(
                    "A file that was sent with a message stays as it was sent. Write a "
                    "new message; whoever wrote this one may mark it as withdrawn."
                )
            )

    # -- the place of a file -----------------------------------------------------------

    @api.model
    def _is_private(self, model, field):
        """Whether the right to read the record also decides about files here."""
        return self._is_in_beneficiary_thread(
            model, field
        ) or self._is_beneficiary_field(model, field)

    @api.model
    def _check_not_public(self, model, field):
        """Raise if one of our files would become public (R43)."""
        if self.env.uid != SUPERUSER_ID and self._is_private(model, field):
            raise AccessError(
                self.env._(
                    "Files of applicants are never public. Leave “Is public document” "
                    "empty."
                )
            )

    def _prepare_place_vals(self, vals):
        """Return ``vals``, with ``public`` unset if the files are or become ours."""
        if not {"public", "res_field", "res_model"} & vals.keys():
            return vals
        is_private = False
        for file in self.sudo():  # its own access check comes later, in super()
            place = (
                vals.get("res_model", file.res_model),
                vals.get("res_field", file.res_field),
            )
            self._check_beneficiary_field(*place)
            if vals.get("public"):
                self._check_not_public(*place)
            is_private |= self._is_private(*place)
        return {**vals, "public": False} if is_private else vals

    def _postprocess_contents(self, values):
        # Odoo decodes pictures of any size here.
        try:
            return super()._postprocess_contents(values)
        except Image.DecompressionBombError as error:
            uploads = self.env["beneficiary.upload.mixin"]
            raise ValidationError(
                uploads._get_upload_sentence("too_many_pixels")
            ) from error

    @api.model
    def _is_beneficiary_field(self, model, field):
        """Whether a file belongs to an upload field of one of our records."""
        return bool(
            field
            and model in self.env
            and field in getattr(self.env[model], "_upload_fields", ())
        )

    def _check_fields_of_records(self):
        """Raise if one of these files belongs to a field: only its record writes it."""
        for file in self.sudo():
            self._check_beneficiary_field(file.res_model, file.res_field)

    @api.model
    def _check_beneficiary_field(self, model, field):
        """Raise if a file of one of our fields is written past its record."""
        if not self.env.su and self._is_beneficiary_field(model, field):
            raise AccessError(
                self.env._(
                    "A file of a record is changed on the record itself: open it, and "
                    "choose the new file there."
                )
            )

    @api.model
    def _is_in_beneficiary_thread(self, model, field):
        """Whether a file of ``model`` is attached to a conversation of ours."""
        return not field and self.env["mail.thread"]._is_beneficiary_thread(model)

    @api.model
    def _prepare_outside_vals(self, vals):
        """Return ``vals`` with a cleaned file, if it is attached to our records.

        :raise ValidationError: when the file is neither a photo nor a PDF
        """
        vals = self._prepare_thumbnail_vals(vals)
        if not self._is_in_beneficiary_thread(
            vals.get("res_model"), vals.get("res_field")
        ):
            return vals
        raw = vals.get("raw") or decode(vals.get("datas"))
        content = raw.encode() if isinstance(raw, str) else raw
        vals = {
            name: value for name, value in vals.items() if name not in CONTENT
        } | self._prepare_clean_vals(vals.get("name"), content)
        return vals

    @api.model
    def _prepare_thumbnail_vals(self, vals):
        """Clean a thumbnail; Odoo's own placeholder, a text, passes."""
        thumbnail = decode(vals.get("thumbnail"))
        if not thumbnail or thumbnail.startswith(b"<"):
            return vals
        cleaned = self.env["beneficiary.upload.mixin"]._clean_upload(thumbnail, True)
        return {**vals, "thumbnail": base64.b64encode(cleaned)}

    def _clean_outside(self):
        """Clean this file like an upload, if it is attached to our records."""
        if self._is_in_beneficiary_thread(self.res_model, self.res_field):
            content = self.raw or b""
            vals = self._prepare_clean_vals(self.name, content)
            if vals["raw"] != content or self.type != "binary":
                return super().write(vals)
        return True

    @api.model
    def _prepare_clean_vals(self, name, content):
        cleaned = self.env["beneficiary.upload.mixin"]._clean_upload(content)
        return {
            "type": "binary",
            "url": False,
            "raw": cleaned,
            "name": clean_name(name, cleaned),
            "mimetype": False,  # Odoo detects the type from the file
        }
