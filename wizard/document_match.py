from odoo import api, fields, models

# What an officer can have seen. The words go into the source, and can be changed there.
SEEN = [
    ("original", "The original"),
    ("copy", "A copy"),
    ("site", "The site of the ministry"),
]


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
    seen = fields.Selection(SEEN, string="Source Seen")
    source = fields.Char(string="Compared With", required=True)

    @api.onchange("seen")
    def _onchange_seen(self):
        self._suggest("seen", "source")

    def action_confirm(self):
        """Match those papers that can be with the source, and say which cannot."""
        self.ensure_one()
        source = self.source
        return self.document_ids._on_each(lambda papers: papers.action_match(source))
