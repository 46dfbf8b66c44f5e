from odoo import api, fields, models

from .beneficiary_merge import SIDES


class BeneficiaryMergeLine(models.TransientModel):
    """A field in which two files differ, and the choice of the value that stays."""

    _name = "beneficiary.merge.line"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Value of Merged Files"

    wizard_id = fields.Many2one(
        "beneficiary.merge", required=True, ondelete="cascade", index=True
    )
    field_name = fields.Char(required=True, readonly=True)
    label = fields.Char(string="Field", compute="_compute_label")
    first_value = fields.Char(string="First File", readonly=True)
    second_value = fields.Char(string="Second File", readonly=True)
    choice = fields.Selection(SIDES, string="Keep", required=True)

    @api.model
    def _get_line_fields(self):
        """Keep the marks of direction around the values: the addon writes them."""
        return frozenset()

    @api.depends("field_name")
    def _compute_label(self):
        self._check_targets()
        labels = self.env["beneficiary.beneficiary"].fields_get(attributes=["string"])
        for line in self:
            line.label = labels.get(line.field_name, {}).get("string")
