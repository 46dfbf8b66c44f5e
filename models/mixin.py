from odoo import models


class BeneficiaryMixin(models.AbstractModel):
    """What every model of the addon shares: readable errors, audience wording."""

    _name = "beneficiary.mixin"
    _inherit = ["beneficiary.wording.mixin", "beneficiary.constraint.mixin"]
    _description = "Beneficiary Relations Mixin"
