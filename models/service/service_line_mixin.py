from odoo import api, models


class ServiceLineMixin(models.AbstractModel):
    """A line of a service: services keep what they ask for until a line changes."""

    _name = "beneficiary.service.line.mixin"
    _description = "Line of a Service"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env.registry.clear_cache()
        return lines

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
