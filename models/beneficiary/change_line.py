from odoo import api, fields, models

from .change import SUBJECTS


class ChangeLine(models.Model):
    """One value of a proposal: what the file had, and what it would have.

    Values of bank data are for those who read such data.
    """

    _name = "beneficiary.change.line"
    _inherit = ["beneficiary.mixin"]
    _description = "Proposed Value"
    _order = "change_id, id"

    change_id = fields.Many2one(
        "beneficiary.change", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="change_id.company_id", store=True, precompute=True
    )
    name = fields.Char(string="Field", required=True, readonly=True)
    label = fields.Char(compute="_compute_label")
    value = fields.Char(readonly=True, help="As it is written into the file.")
    old_text = fields.Char(string="Before", readonly=True)
    new_text = fields.Char(string="Proposed", readonly=True)
    restriction = fields.Selection(
        [
            ("none", "All Who Read the File"),
            ("finance", "Those Who Read Income and Bank Data"),
        ],
        required=True,
        readonly=True,
        default="none",
    )

    @api.depends("name", "change_id.about")
    def _compute_label(self):
        for line in self:
            model, _names = SUBJECTS[line.change_id.sudo().about]
            field = self.env[model]._fields.get(line.name)
            line.label = field and field._description_string(self.env)
