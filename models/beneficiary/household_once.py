from odoo import api, models


class HouseholdOnce(models.Model):
    """A dependant who is sent twice under one key is made once (R44)."""

    _inherit = "beneficiary.household.member"

    @api.model_create_multi
    def create(self, vals_list):
        return self._create_once(vals_list, super().create)
