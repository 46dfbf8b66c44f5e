from odoo import api, models
from odoo.tools import ormcache


class KeptNameMixin(models.AbstractModel):
    """A record that many others name: its name is kept in memory until it changes."""

    _name = "beneficiary.kept.name.mixin"
    _description = "Record Whose Name Is Kept"

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        unsaved = self.filtered(lambda record: not record.id)
        for record in self - unsaved:
            record.display_name = record._read_name()
        return super(KeptNameMixin, unsaved)._compute_display_name()

    @ormcache("self.id", "self.env.lang")
    def _read_name(self):
        return self.sudo().name  # a display name is read so too

    def write(self, vals):
        result = super().write(vals)
        if "name" in vals:
            self.env.registry.clear_cache()
        return result

    def _update_field_translations(self, field_name, *args, **kwargs):
        result = super()._update_field_translations(field_name, *args, **kwargs)
        if field_name == "name":
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
