from odoo import fields, models


class BranchTrace(models.Model):
    """Who named the delegates of a branch office, and so opened its files to them."""

    _name = "beneficiary.branch"
    _inherit = ["beneficiary.branch", "beneficiary.thread.mixin"]

    name = fields.Char(tracking=True)
    delegate_ids = fields.Many2many(tracking=True)
