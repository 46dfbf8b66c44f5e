from odoo import models
from odoo.exceptions import UserError

SESSION = "beneficiary.committee.session"
# What a session says of its meeting, and what ties the two.
SESSION_FIELDS = frozenset(
    [
        "active",
        "allday",
        "description",
        "duration",
        "location",
        "name",
        "partner_ids",
        "attendee_ids",
        "privacy",
        "recurrency",
        "res_id",
        "res_model_id",
        "start",
        "start_date",
        "stop",
        "stop_date",
        "user_id",
        "videocall_location",
    ]
)
# What ties a meeting to the record that it is about.
RECORD_FIELDS = frozenset(["res_id", "res_model", "res_model_id"])


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def write(self, vals):
        if SESSION_FIELDS & vals.keys():
            self._check_not_of_session()
        is_moved = bool(RECORD_FIELDS & vals.keys())  # Odoo takes values out
        result = super().write(vals)
        if is_moved:
            self.attendee_ids._check_may_be_invited()
        return result

    def unlink(self):
        self._check_not_of_session()
        return super().unlink()

    def _get_activity_excluded_models(self):
        """A session is in the calendar already: it needs no activity that says so."""
        return [*super()._get_activity_excluded_models(), SESSION]

    def _create_videocall_channel_id(self, name, partner_ids):
        """Leave applicants out of a call's new channel: they join by their own link."""
        partners = self.env["res.partner"].browse(partner_ids)
        applicants = partners._filter_applicants() - self.env.user.partner_id
        return super()._create_videocall_channel_id(name, (partners - applicants).ids)

    def _check_not_of_session(self):
        """Raise when the meeting follows a committee's session: it is changed there.

        Answering an invitation is everybody's own, and stays.
        """
        if not self.env.su and SESSION in self.mapped("res_model"):
            raise UserError(
                self.env._(
                    "This meeting is a session of a committee. Postpone or cancel the "
                    "session, and the meeting follows."
                )
            )
