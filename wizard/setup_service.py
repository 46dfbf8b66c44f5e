from odoo import fields, models


class SetupService(models.TransientModel):
    """A service of the catalogue, which the assistant offers to take over (R53)."""

    _name = "beneficiary.setup.service"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Service of the Catalogue"

    setup_id = fields.Many2one(
        "beneficiary.setup", required=True, index=True, ondelete="cascade"
    )
    code = fields.Char(required=True)
    name = fields.Char()
    is_chosen = fields.Boolean(string="Offered by Us")
