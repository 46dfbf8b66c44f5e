import base64

from odoo import api, models
from odoo.exceptions import ValidationError

from ..rules.upload import MAX_FILE_MB, clean_name, has_content, upload_problem


class UploadMixin(models.AbstractModel):
    """Files that people take with a phone or a scanner: photos and PDF, not too large.

    The one place that refuses a file, for papers, photos of visits, and whatever
    else people upload: portal, form, import and RPC all meet it.
    """

    _name = "beneficiary.upload.mixin"
    _description = "Uploaded Files"

    def _check_upload(self, name):
        """Check the content of the binary field ``name``, for a constraint.

        :raise ValidationError: says what to do instead
        """
        for record in self.with_context(bin_size=False).filtered(name):
            if problem := upload_problem(base64.b64decode(record[name])):
                raise ValidationError(self._get_upload_sentence(problem))

    @api.model
    def _clean_upload_name(self, vals, name, title):
        """Name an uploaded file in ``vals`` after what it is, whatever was claimed.

        A name goes with its file: it is there when the file is, and is not written
        on its own.

        :param name: the binary field
        :param title: the field of its name
        """
        if not vals.get(name):
            vals.pop(title, None)
            if name in vals:
                vals[title] = False
            return
        if not has_content(vals[name]):
            raise ValidationError(self._get_upload_sentence("wrong_type"))
        vals[title] = clean_name(vals.get(title), base64.b64decode(vals[name]))

    @api.model
    def _get_upload_sentence(self, problem):
        sentences = {
            "too_large": self.env._(
                "The file is too large: at most %(size)s MB. Take the photo again at "
                "a lower quality, or scan fewer pages at once.",
                size=MAX_FILE_MB,
            ),
            "wrong_type": self.env._(
                "This file is not a photo or a PDF. Take a photo of the paper with "
                "your phone and choose that."
            ),
            "damaged": self.env._(
                "This photo cannot be opened. Take it again and choose the new one."
            ),
            "active": self.env._(
                "This PDF carries a program or other files, and is not accepted. Take "
                "a photo of the paper with your phone and choose that."
            ),
        }
        return sentences[problem]
