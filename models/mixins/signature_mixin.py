from odoo import api, fields, models

from ...rules.upload import has_content


class SignatureMixin(models.AbstractModel):
    """How a person signed: drawn on a screen, on paper, or by thumbprint (R16).

    Each model has its own method that takes the signature and writes these fields.
    """

    _name = "beneficiary.signature.mixin"
    _inherit = ["beneficiary.upload.mixin"]
    _description = "Signature"
    _upload_fields = {"signature": None, "paper": None}
    # The field of the user in whose session the signature was drawn.
    _device_field = "recorded_by_id"

    method = fields.Selection(
        [
            ("screen", "Signed on Screen"),
            ("portal", "Signed on the Portal"),
            ("paper", "Signed on Paper"),
            ("thumbprint", "Thumbprint Before Witnesses"),
            ("waived", "Not Applicable"),
        ],
        string="How It Was Given",
        copy=False,
    )
    signature = fields.Image(
        attachment=True, max_width=1024, max_height=1024, copy=False
    )
    paper = fields.Binary(string="Signed Paper", attachment=True, copy=False)
    witness_1 = fields.Char(string="First Witness", copy=False)
    witness_2 = fields.Char(string="Second Witness", copy=False)
    waiver = fields.Text(
        string="Why Nobody Can Sign",
        copy=False,
        help="Groups, places and animals cannot.",
    )

    device_words = fields.Char(
        string="Device",
        compute="_compute_device_words",
        help="On whose device a signature was drawn.",
    )

    @api.depends(lambda self: ("method", self._device_field))
    @api.depends_context("lang")
    def _compute_device_words(self):
        for record in self.sudo():  # applicants may not read the names of staff
            name = record[record._device_field].name
            words = False
            if record.method == "screen":
                words = self.env._("Drawn on the device of %(name)s.", name=name)
            elif record.method == "portal":
                words = self.env._("Drawn with the account of %(name)s.", name=name)
            record.device_words = words

    @api.model
    def _prepare_signature_vals(self, given):
        """Return the values of a signature, and how it was given.

        :param given: dict with any of ``signature``, ``paper`` (base64),
            ``witness_1``, ``witness_2`` and ``waiver``
        """
        files = {name: given.get(name) for name in ("signature", "paper")}
        texts = ("witness_1", "witness_2", "waiver")
        return {
            "method": self._get_method(given),
            # An empty drawing counts as none, for example beside a signed paper.
            **{name: has_content(file) and file for name, file in files.items()},
            **{name: given.get(name) for name in texts},
        }

    @api.model
    def _get_method(self, given):
        if given.get("waiver"):
            return "waived"
        if given.get("witness_1"):
            return "thumbprint"
        if not has_content(given.get("signature")):
            return "paper"
        return "portal" if self.env.user._is_portal() else "screen"

    @api.model
    def _is_signed(self, given):
        """Whether ``given`` has a drawn signature or the scan of a signed paper."""
        return any(has_content(given.get(name)) for name in ("signature", "paper"))

    @api.model
    def _get_witness_problems(self, given):
        """Return the problems of a thumbprint, as sentences; empty without one."""
        witnesses = [
            (given.get(name) or "").strip() for name in ("witness_1", "witness_2")
        ]
        if any(witnesses) and not (all(witnesses) and has_content(given.get("paper"))):
            return [
                self.env._(
                    "A thumbprint needs the scanned paper and the names of two "
                    "witnesses."
                )
            ]
        return []
