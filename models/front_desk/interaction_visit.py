from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class InteractionVisit(models.Model):
    """The contact that a call or visit was: logging it ends it (R5, R33)."""

    _inherit = "beneficiary.interaction"

    appointment_id = fields.Many2one(
        "beneficiary.appointment",
        string="Call or Visit",
        check_company=True,
        index="btree_not_null",
        copy=False,
    )

    @api.constrains("appointment_id")
    def _check_appointment(self):
        for contact in self.filtered("appointment_id"):
            appointment = contact.appointment_id
            appointment.sudo(False).check_access("read")
            if appointment.beneficiary_id != contact.beneficiary_id:
                raise ValidationError(
                    self.env._(
                        "%(appointment)s belongs to another file. Choose the file of "
                        "the appointment.",
                        appointment=appointment.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create(vals_list)
        if appointments := contacts.appointment_id:
            appointments.action_hold()
        return contacts

    def write(self, vals):
        if "appointment_id" in vals:
            raise UserError(
                self.env._("A contact is logged from the call or visit itself.")
            )
        return super().write(vals)
