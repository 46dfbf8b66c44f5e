from odoo import fields, models


class DocumentMatch(models.TransientModel):
    """Asks for the source of comparison, and matches the papers (R13)."""

    _name = "beneficiary.document.match"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Match Documents"

    document_ids = fields.Many2many(
        "beneficiary.document",
        "beneficiary_document_match_rel",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    source = fields.Char(string="Compared With", required=True)

    def action_confirm(self):
        """Match those papers that can be with the source, and say which cannot."""
        self.ensure_one()
        source = self.source
        return self.document_ids._on_each(lambda papers: papers.action_match(source))
