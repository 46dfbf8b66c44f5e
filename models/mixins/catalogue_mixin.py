from odoo import api, fields, models
from odoo.exceptions import AccessError


class CatalogueMixin(models.AbstractModel):
    """A list that all associations share and each extends with its own lines.

    Lines without an association are shared. Everybody reads shared lines. Only
    administrators of the system change them, whichever association they work in. An
    association reads, changes and archives the lines that it added. Each list has the
    same two record rules for this.
    """

    _name = "beneficiary.catalogue.mixin"
    _description = "Shared List"
    _is_short_list = True

    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        default=lambda self: self._default_company_id(),
    )
    is_locked = fields.Boolean(compute="_compute_is_locked")

    def _default_company_id(self):
        """Give new lines to the user's association; installed ones are shared."""
        return False if self.env.su else self.env.company

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_is_locked(self):
        """Lock shared lines to everybody but administrators."""
        is_free = self.env.su or self.env.user._is_system()
        for line in self:
            line.is_locked = bool(line.id) and not (is_free or line.company_id)

    def write(self, vals):
        self._check_not_locked()
        return super().write(vals)

    def unlink(self):
        self._check_not_locked()
        return super().unlink()

    def _check_not_locked(self):
        """Raise an error that says what to do instead, before the record rules do."""
        if any(self.mapped("is_locked")):
            raise AccessError(
                self.env._(
                    "All associations share this line; only an administrator can "
                    "change it. Add a line of your own association instead."
                )
            )
