from odoo import fields, models


class AppointmentMove(models.TransientModel):
    """The form to cancel a call or visit, to ask for another time, or to note a miss.

    It holds no rule: it passes the input to the method of the appointment.
    """

    _name = "beneficiary.appointment.move"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Step of a Call or Visit"

    appointment_id = fields.Many2one("beneficiary.appointment", required=True)
    move = fields.Selection(
        [
            ("cancel", "Cancel"),
            ("ask_again", "Look for Another Time"),
            ("miss", "It Did Not Take Place"),
        ],
        required=True,
    )
    reason = fields.Text()

    def action_confirm(self):
        """Take the step with the input of the form."""
        self.ensure_one()
        return self._pass_on(self.appointment_id, f"action_{self.move}", ["reason"])
