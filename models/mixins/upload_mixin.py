import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...rules import RuleError
from ...rules.upload import (
    MAX_FILE_MB,
    MOST_SENT_FILES,
    clean_name,
    clean_upload,
    decode,
)


class UploadMixin(models.AbstractModel):
    """Files that people take with a phone or a scanner: photos and PDF, not too large.

    The one place that takes a file: papers, signatures, photos of visits and all other
    uploads. Portal, form, import and RPC all pass through here, and the file is stored
    as :func:`rules.upload.clean_upload` returns it.
    """

    _name = "beneficiary.upload.mixin"
    _inherit = ["beneficiary.constraint.mixin"]
    _description = "Uploaded Files"

    # {binary field: field of the file's name, or None}. Image fields take only photos.
    _upload_fields = {}

    @api.model_create_multi
    def create(self, vals_list):
        records = self._without_defaults(
            {*self._upload_fields, *self._upload_fields.values()}
        )
        vals_list = [self._prepare_upload_vals(vals) for vals in vals_list]
        return super(UploadMixin, records).create(vals_list)

    def write(self, vals):
        return super().write(self._prepare_upload_vals(vals))

    @api.model
    def _prepare_upload_vals(self, vals):
        """Return ``vals`` with each file cleaned, and its name matching its type.

        The name of a file is only written together with the file.

        :raise ValidationError: says what to do instead
        """
        vals = dict(vals)
        for name, title in self._upload_fields.items():
            if not vals.get(name):
                vals.pop(title, None)
                if title and name in vals:
                    vals[title] = False
                continue
            is_photo = isinstance(self._fields[name], fields.Image)
            content = self._clean_upload(decode(vals[name]), is_photo)
            vals[name] = base64.b64encode(content)
            if title:
                vals[title] = clean_name(vals.get(title), content)
        return vals

    @api.model
    def _prepare_files(self, files):
        """Return the values of attachments for files that came with a text.

        :param files: pairs of name and content (base64)
        :raise ValidationError: for a file that is neither a photo nor a PDF
        :raise UserError: when there are too many
        """
        if len(files) > MOST_SENT_FILES:
            raise UserError(
                self.env._(
                    "At most %(count)s files are sent at once. Put several pages into "
                    "one PDF.",
                    count=MOST_SENT_FILES,
                )
            )
        cleaned = [
            (name, self._clean_upload(decode(content))) for name, content in files
        ]
        # Attachments are listed latest first: the first that was chosen is made last.
        return [
            {"name": clean_name(name, content), "datas": base64.b64encode(content)}
            for name, content in reversed(cleaned)
        ]

    @api.model
    def _clean_upload(self, content, is_photo=False):
        """Return a file as it is stored.

        :raise ValidationError: says what to do instead
        """
        try:
            return clean_upload(content, is_photo)
        except RuleError as error:
            sentence = self._get_upload_sentence(error.code, error.params.get("kind"))
            raise ValidationError(sentence) from error

    @api.model
    def _get_upload_sentence(self, problem, kind=None):
        """Return a sentence: why a file is refused, and what to do instead.

        :param problem: as :func:`rules.upload.clean_upload` raises it
        :param kind: the well-known kind of a file of the wrong type
        """
        kinds = {
            "office": self.env._(
                "This is a document of an office program, or an archive. Save it as "
                "PDF and choose that, or take a photo of the paper with your phone."
            ),
            "photo": self.env._(
                "Photos of this format are not accepted. Save the photo as JPEG and "
                "choose that, or take a photo of the paper with your phone."
            ),
            "film": self.env._(
                "This is a film. Take a photo of the paper with your phone and choose "
                "that."
            ),
            "heic": self.env._(
                "This photo is in the format HEIC and cannot be opened. Take it again "
                "as JPEG: on an iPhone, choose Settings > Camera > Formats > Most "
                "Compatible first."
            ),
        }
        if kind:
            return kinds[kind]
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
            "not_photo": self.env._(
                "This is not a photo. Choose a photo, or draw the signature again."
            ),
            "too_many_pixels": self.env._(
                "This photo has too many pixels. Take it again at a lower resolution, "
                "12 megapixels are enough; or scan the paper at 300 dpi."
            ),
            "damaged": self.env._(
                "This photo cannot be opened. Take it again and choose the new one."
            ),
            "damaged_pdf": self.env._(
                "This PDF cannot be opened. Save or scan it again, or take a photo of "
                "the paper with your phone and choose that."
            ),
            "active": self.env._(
                "This PDF carries a program or other files, and is not accepted. Send "
                "the attached files one by one, or take a photo of the paper with your "
                "phone and choose that."
            ),
            "locked": self.env._(
                "This PDF is locked with a password. Save it without one, or take a "
                "photo of the paper with your phone and choose that."
            ),
            "complex": self.env._(
                "This PDF takes too long to check. Print it into a new PDF, or take a "
                "photo of the paper with your phone and choose that."
            ),
        }
        return sentences[problem]
