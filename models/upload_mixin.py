import base64

from odoo import models
from odoo.exceptions import ValidationError

from ..rules.upload import MAX_FILE_MB, upload_problem


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
        problems = {
            "too_large": self.env._(
                "The file is too large: at most %(size)s MB. Take the photo again at "
                "a lower quality, or scan fewer pages at once.",
                size=MAX_FILE_MB,
            ),
            "wrong_type": self.env._(
                "This file is not a photo or a PDF. Take a photo of the paper with "
                "your phone and choose that."
            ),
        }
        for record in self.with_context(bin_size=False).filtered(name):
            if problem := upload_problem(base64.b64decode(record[name])):
                raise ValidationError(problems[problem])
