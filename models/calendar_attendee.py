from odoo import api, models


class CalendarAttendee(models.Model):
    """Who is invited to a session's meeting follows from its committee."""

    _inherit = "calendar.attendee"

    @api.model_create_multi
    def create(self, vals_list):
        attendees = super().create(vals_list)
        attendees.event_id._check_not_of_session()
        attendees.partner_id._check_may_be_written_to(self.env.user)
        return attendees

    def write(self, vals):
        if {"event_id", "partner_id"} & vals.keys():
            self.event_id._check_not_of_session()
        result = super().write(vals)
        if "event_id" in vals:
            self.event_id._check_not_of_session()
        return result

    def unlink(self):
        self.event_id._check_not_of_session()
        return super().unlink()
