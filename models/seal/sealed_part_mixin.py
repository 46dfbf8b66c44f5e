from odoo import api, models
from odoo.exceptions import UserError


class SealedPartMixin(models.AbstractModel):
    """A line of a sealed record, sealed and protected together with that record.

    A model names its own fields in ``_sealed_fields``, and the many2one to the record
    in ``_sealed_whole``. The record has the one2many among its sealed fields.
    """

    _name = "beneficiary.sealed.part.mixin"
    _inherit = ["beneficiary.sealed.guard.mixin"]
    _description = "Part of a Sealed Record"

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._check_whole_is_open()
        return parts

    def write(self, vals):
        result = super().write(vals)
        if self._sealed_whole in vals:
            self._check_whole_is_open()
        return result

    def _check_whole_is_open(self):
        """Raise if a line was added to a sealed record."""
        if sealed := self.sudo()[self._sealed_whole]._get_sealed():
            raise UserError(
                self.env._(
                    "“%(record)s” is sealed: nothing can be added to it.",
                    record=sealed[0].display_name,
                )
            )
