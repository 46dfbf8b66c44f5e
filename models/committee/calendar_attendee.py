from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError

from .calendar_event import SESSION

# The field by which an invited member answers.
ANSWERS = frozenset(["state"])
# The fields that decide who is invited, and to which meeting.
INVITED = frozenset(["event_id", "partner_id"])


class CalendarAttendee(models.Model):
    """The committee decides who is invited to the meeting of its session.

    Each member answers only their own invitation. They may neither read (record
    rules) nor write the invitations of others and the tokens in their links.
    """

    _inherit = "calendar.attendee"

    @api.model_create_multi
    def create(self, vals_list):
        attendees = super().create(vals_list)
        attendees.event_id._check_not_of_session()
        attendees._check_may_be_invited()
        return attendees

    def write(self, vals):
        if vals.keys() - ANSWERS:
            self.event_id._check_not_of_session()
        self._check_own_answer()
        result = super().write(vals)
        if "event_id" in vals:
            self.event_id._check_not_of_session()
        if INVITED & vals.keys():
            self._check_may_be_invited()
        return result

    def do_tentative(self):
        self._check_own_answer()
        return super().do_tentative()

    def do_accept(self):
        self._check_own_answer()
        return super().do_accept()

    def do_decline(self):
        self._check_own_answer()
        return super().do_decline()

    def _check_may_be_invited(self):
        """Raise if the acting user may not write to the people they invite (R21, R43).

        An invitation is a message to them. If the meeting is about a record of this
        addon, people outside the association are invited only by users who may speak
        for the association on that record.
        """
        self.partner_id._check_may_be_written_to(self.env.user)
        if self.env.uid == SUPERUSER_ID:
            return
        outside = self.sudo().filtered("partner_id.partner_share")
        for event in outside.event_id:
            if self.env["mail.thread"]._is_beneficiary_thread(event.res_model):
                record = self.env[event.res_model].sudo(False).browse(event.res_id)
                record.exists()._check_may_speak()

    def _check_own_answer(self):
        """Raise if the acting user answers another member's invitation to a session.

        The superuser may: the link in an invitation has a token and acts as superuser.
        """
        if self.env.su:
            return
        invitations = self.sudo().filtered(
            lambda attendee: attendee.event_id.res_model == SESSION
        )
        if invitations.partner_id - self.env.user.partner_id:
            raise UserError(
                self.env._(
                    "Each member answers their own invitation. Ask them to answer it."
                )
            )

    def unlink(self):
        self.event_id._check_not_of_session()
        return super().unlink()
