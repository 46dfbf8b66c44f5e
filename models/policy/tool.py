from odoo import fields, models


class Tool(models.Model):
    """A document that the relations officer works with: bylaws, guides, forms (R8).

    Tools without a company form the catalogue. An association adds its own tools with
    the file that is in force. Managers edit tools; all staff read them.
    """

    _name = "beneficiary.tool"
    _inherit = [
        "beneficiary.archive.mixin",
        "beneficiary.catalogue.mixin",
        "beneficiary.named.mixin",
        "beneficiary.upload.mixin",
        "beneficiary.mixin",
    ]
    _description = "Officer's Tool"
    _order = "sequence, id"
    _check_company_auto = True
    _policy_lines = "tool_line_ids"
    _policy_key = "code"
    _upload_fields = {"file": "file_name"}

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    version = fields.Char()
    file = fields.Binary(attachment=True)
    file_name = fields.Char()
    is_published = fields.Boolean(
        string="On the Public Page",
        help="Everybody may download the file from the page of the policy that names "
        "this document.",
    )
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0), COALESCE(version, ''))",
        "This version of the document is already in the library.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "code" in vals:
            self.env.registry.clear_cache()  # policies name documents by their code
        return result

    def _is_public(self):
        """Whether everybody may download the file of this document."""
        return self.active and self.is_published and bool(self.file_name)

    def _get_archive_problems(self):
        return self.env["beneficiary.policy"]._get_use_problems(
            [("tool_line_ids.tool_id", "in", self.ids)]
        )
