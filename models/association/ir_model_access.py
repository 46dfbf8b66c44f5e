from odoo import api, models
from odoo.exceptions import AccessError

from ...rules import arabic
from ..mixins.id_guard_mixin import OURS


class IrModelAccess(models.Model):
    """A refusal of our records says in plain words who can do it, and whom to ask."""

    _inherit = "ir.model.access"

    @api.model
    def _make_access_error(self, model, mode):
        error = super()._make_access_error(model, mode)
        if not model.startswith(OURS):
            return error
        kind = self.env["ir.model"]._get(model).name
        # Odoo puts the name of the application before each group.
        groups = self.group_names_with_access(model, mode)
        roles = dict.fromkeys(group.rpartition("/")[2] for group in groups)
        if not roles:
            return AccessError(
                self.env._(
                    "The addon itself keeps these records: %(kind)s. Use the buttons "
                    "of the record that they belong to.",
                    kind=kind,
                )
            )
        return AccessError(
            self.env._(
                "Your role does not allow this: %(kind)s. Ask a colleague who has one "
                "of these roles: %(roles)s.",
                kind=kind,
                roles=arabic.listed(roles, self.env.lang or ""),
            )
        )
