from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    """Associations keep their public holidays, until one of them changes."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._forget_holidays()
        return leaves

    def write(self, vals):
        self._forget_holidays()
        result = super().write(vals)
        self._forget_holidays()
        return result

    def unlink(self):
        self._forget_holidays()
        return super().unlink()

    def _forget_holidays(self):
        """Clear the cache if a holiday is among these; time off of a person is none."""
        if any(not leave.resource_id for leave in self):
            self.env.registry.clear_cache()
