from odoo import api, models


class InteractionOnce(models.Model):
    """A contact that is sent twice under one key is logged once (R44)."""

    _inherit = "beneficiary.interaction"

    @api.model_create_multi
    def create(self, vals_list):
        return self._create_once(vals_list, super().create)
