from odoo import api, models


class RequestOnce(models.Model):
    """A request that is sent twice under one key is made once (R44)."""

    _inherit = "beneficiary.request"

    @api.model_create_multi
    def create(self, vals_list):
        return self._create_once(vals_list, super().create)
