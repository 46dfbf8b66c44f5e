from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules import appointment_flow


class AppointmentSlot(models.Model):
    """One time that the office offers for a call or visit (R33).

    :Who may: who may write the appointment, until it is agreed.
    """

    _name = "beneficiary.appointment.slot"
    _inherit = ["beneficiary.mixin"]
    _description = "Offered Time"
    _order = "start, id"
    _rec_name = "start"

    appointment_id = fields.Many2one(
        "beneficiary.appointment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="appointment_id.company_id", store=True, precompute=True, index=True
    )
    state = fields.Selection(related="appointment_id.state")
    start = fields.Datetime(string="Begins", required=True, span="any")
    problem = fields.Char(string="Remark", compute="_compute_problem")

    @api.depends("start", "appointment_id.officer_id", "appointment_id.minutes")
    def _compute_problem(self):
        """Say why a time cannot be chosen any more."""
        for slot in self:
            slot.problem = slot.start and slot.appointment_id._get_time_problem(
                slot.start
            )

    @api.model_create_multi
    def create(self, vals_list):
        slots = super().create(vals_list)
        slots._check_open()
        return slots

    def write(self, vals):
        self._check_open()
        if "appointment_id" in vals:
            raise UserError(self.env._("A time stays with its call or visit."))
        return super().write(vals)

    def unlink(self):
        self._check_open()
        return super().unlink()

    def _check_open(self):
        """Raise if these times were chosen or given up: they are history then."""
        if any(
            slot.sudo().appointment_id.state not in appointment_flow.OFFERING
            for slot in self
        ):
            raise UserError(
                self.env._("Times are changed until one is agreed. Ask again first.")
            )

    def action_agree(self):
        """The person chose this time on the telephone."""
        self.ensure_one()
        return self.appointment_id.action_agree(self.id)
