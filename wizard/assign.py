from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules import flow


class Assign(models.TransientModel):
    """Hands many files, requests or complaints to one colleague.

    It holds no rule: it passes the colleague to the method of the records.
    """

    _name = "beneficiary.assign"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Hand to a Colleague"

    request_ids = fields.Many2many(
        "beneficiary.request",
        "beneficiary_assign_request_rel",
        string="Requests",
        default=lambda self: self._get_chosen("beneficiary.request"),
    )
    beneficiary_ids = fields.Many2many(
        "beneficiary.beneficiary",
        "beneficiary_assign_file_rel",
        string="Files",
        default=lambda self: self._get_chosen("beneficiary.beneficiary"),
    )
    interaction_ids = fields.Many2many(
        "beneficiary.interaction",
        "beneficiary_assign_interaction_rel",
        string="Interactions",
        default=lambda self: self._get_chosen("beneficiary.interaction"),
    )
    user_id = fields.Many2one(
        "res.users",
        string="Colleague",
        required=True,
        domain=lambda self: self._get_role_domain(
            flow.OFFICER, company="allowed_company_ids"
        ),
    )

    @api.model
    def _get_chosen(self, model):
        """Return the ids that were chosen in a list of ``model``."""
        context = self.env.context
        return context.get("active_model") == model and context.get("active_ids")

    def action_confirm(self):
        """Hand over those that can be, and say which cannot and why."""
        self.ensure_one()
        for records in (self.request_ids, self.beneficiary_ids, self.interaction_ids):
            if records:
                return records.action_assign_each(self.user_id.id)
        raise UserError(self.env._("Choose the records in the list first."))
