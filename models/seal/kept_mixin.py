from odoo import models
from odoo.exceptions import UserError


class KeptMixin(models.AbstractModel):
    """A link of the chain of seals: nobody changes or deletes it, not even by code."""

    _name = "beneficiary.kept.mixin"
    _description = "Link That Is Kept"

    def write(self, vals):
        self._refuse()
        return super().write(vals)

    def unlink(self):
        self._refuse()
        return super().unlink()

    def _write_past(self, vals):
        """Write ``vals`` past the refusal of :meth:`write`."""
        return super().write(vals)

    def _write_multi(self, vals_list):
        # Recomputed fields reach the database past write.
        if any(map(self._is_refused, vals_list)):
            self._refuse()
        return super()._write_multi(vals_list)

    def _is_refused(self, vals):
        """Whether these column values are refused: by default, all are."""
        return True

    def _refuse(self):
        self.check_access("write")
        if self:
            raise UserError(self.env._("Sealed records cannot be changed or deleted."))
