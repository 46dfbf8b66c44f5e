from odoo import models
from odoo.exceptions import UserError


class AssignedMixin(models.AbstractModel):
    """A record that a colleague deals with, and that is handed to another one.

    The field of the colleague has its own rules: who writes it, and who may be named.
    """

    _name = "beneficiary.assigned.mixin"
    _inherit = ["beneficiary.each.mixin"]
    _description = "Handed to a Colleague"

    # Name of the field that holds the colleague who deals with a record.
    _assigned_field = "officer_id"

    def action_assign_each(self, user_id=None):
        """Hand those of these records that can be to a colleague, and say the rest.

        :param user_id: id of the colleague
        :return: a client action with the message
        """
        return self._on_each(lambda records: records._assign(user_id))

    def _assign(self, user_id):
        """Write the colleague; the field's own rules say who may be named."""
        if not user_id:
            raise UserError(self.env._("Choose the colleague."))
        self.write({self._assigned_field: user_id})
