from odoo import api, models


class DeliveryOnce(models.Model):
    """A delivery that is sent twice under one key is planned once (R44)."""

    _inherit = "beneficiary.delivery"

    @api.model_create_multi
    def create(self, vals_list):
        return self._create_once(vals_list, super().create)
