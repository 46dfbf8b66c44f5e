from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..mixins.desk_mixin import WEEK


class InteractionDesk(models.Model):
    """Whose turn it is with a contact: who answers, and until when."""

    _inherit = "beneficiary.interaction"
    _assigned_field = "owner_id"

    @api.model
    def _get_is_mine_domain(self):
        """Return the domain of the contacts that I logged, or answer for."""
        return super()._get_is_mine_domain() | Domain("owner_id", "=", self.env.uid)

    @api.model
    def _get_is_due_this_week_domain(self):
        return self._get_open_domain() & Domain("answer_due_on", "<", WEEK)

    @api.model
    def _get_waits_for_me_domain(self):
        return self._get_open_domain() & Domain("owner_id", "=", self.env.uid)

    @api.model
    def _get_open_domain(self):
        return Domain("answer_state", "=", "open")

    def _assign(self, user_id):
        """Hand over what is still to be answered (R48)."""
        if self.filtered(lambda contact: contact.answer_state != "open"):
            raise UserError(
                self.env._(
                    "Only what is still to be answered is handed to a colleague."
                )
            )
        return super()._assign(user_id)
