import base64

from PIL import Image

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from ..rules.upload import clean_name, decode

CONTENT = frozenset(["datas", "db_datas", "raw"])


class IrAttachment(models.Model):
    """Files beside our records, that do not come through a field of theirs.

    What people outside the association attach to a conversation (on the portal; for
    e-mails see the conversation itself) is a photo or a PDF like any other upload.
    What stands in a field of a record is written on that record, which checks it.
    """

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_beneficiary_field(vals.get("res_model"), vals.get("res_field"))
        if not self.env.user._is_internal():
            vals_list = [self._prepare_outside_vals(vals) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if CONTENT & vals.keys() or {"res_model", "res_field"} & vals.keys():
            for attachment in self.sudo():  # who may not read it may not write it
                for source in ({}, vals):
                    self._check_beneficiary_field(
                        source.get("res_model", attachment.res_model),
                        source.get("res_field", attachment.res_field),
                    )
        if self.env.user._is_internal():
            return super().write(vals)
        vals = self._prepare_thumbnail_vals(vals)
        result = super().write(vals)
        if {"res_model", "res_id", "type", *CONTENT} & vals.keys():
            for attachment in self.sudo():
                attachment._clean_outside()
        return result

    def _postprocess_contents(self, values):
        # Odoo takes any size of picture apart here, for whoever sends it.
        try:
            return super()._postprocess_contents(values)
        except Image.DecompressionBombError as error:
            uploads = self.env["beneficiary.upload.mixin"]
            raise ValidationError(
                uploads._get_upload_sentence("too_many_pixels")
            ) from error

    @api.model
    def _check_beneficiary_field(self, model, field):
        """Raise where a file of one of our fields is written past its record."""
        if self.env.su or not field or model not in self.env:
            return
        if field in getattr(self.env[model], "_upload_fields", ()):
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
        """Return ``vals`` with the file as it is kept, where it comes to us.

        :raise ValidationError: when it is no photo and no PDF
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
        """Odoo's own placeholder passes: it is no photo, and kept as plain text."""
        thumbnail = decode(vals.get("thumbnail"))
        if not thumbnail or thumbnail.startswith(b"<"):
            return vals
        cleaned = self.env["beneficiary.upload.mixin"]._clean_upload(thumbnail, True)
        return {**vals, "thumbnail": base64.b64encode(cleaned)}

    def _clean_outside(self):
        """Keep of a file what is kept of an upload, where it has come to us."""
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
            "mimetype": False,  # Odoo looks at the file
        }
