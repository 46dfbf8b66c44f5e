from odoo import api, models


class BeneficiaryOnce(models.Model):
    """A file that is sent twice under one key is made once (R44)."""

    _inherit = "beneficiary.beneficiary"

    @api.model_create_multi
    def create(self, vals_list):
        return self._create_once(vals_list, super().create)
