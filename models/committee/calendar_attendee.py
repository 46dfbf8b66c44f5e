from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError

from .calendar_event import SESSION

# What an invited member answers.
ANSWERS = frozenset(["state"])
# Whom an invitation reaches, and with what.
INVITED = frozenset(["event_id", "partner_id"])


class CalendarAttendee(models.Model):
    """The invited people of a session's meeting follow from its committee.

    Each answers for themselves: the invitation of another, and the token in its link,
    are not theirs to read (record rules) or to write.
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
        """Raise where the acting user would write to these people by inviting them.

        A meeting about a record of ours says so: to people outside the association
        the right to speak decides (R21, R43).
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
        """Raise where somebody answers another's invitation to a session.

        The link in an invitation carries a token, and acts as superuser.
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
