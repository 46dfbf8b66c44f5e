from odoo import api, models


class RepresentativeOnce(models.Model):
    """A representative who is sent twice under one key is made once (R44)."""

    _inherit = "beneficiary.representative"

    @api.model_create_multi
    def create(self, vals_list):
        return self._create_once(vals_list, super().create)
