from odoo import models
from odoo.exceptions import UserError

SESSION = "beneficiary.committee.session"
# Fields that a session writes on its meeting, and those that link the two.
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
# Fields that link a meeting to the record it is about.
RECORD_FIELDS = frozenset(["res_id", "res_model", "res_model_id"])


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def write(self, vals):
        if SESSION_FIELDS & vals.keys():
            self._check_not_of_session()
        is_moved = bool(RECORD_FIELDS & vals.keys())  # ``super`` removes values
        result = super().write(vals)
        if is_moved:
            self.attendee_ids._check_may_be_invited()
        return result

    def unlink(self):
        self._check_not_of_session()
        return super().unlink()

    def _get_activity_excluded_models(self):
        """Make no activity for the meeting of a session: the calendar shows it."""
        return [*super()._get_activity_excluded_models(), SESSION]

    def _create_videocall_channel_id(self, name, partner_ids):
        """Leave applicants out of the new channel of a call: they join by a link."""
        partners = self.env["res.partner"].browse(partner_ids)
        applicants = partners._filter_applicants() - self.env.user.partner_id
        return super()._create_videocall_channel_id(name, (partners - applicants).ids)

    def _check_not_of_session(self):
        """Raise if this is the meeting of a session: it is changed in the session.

        Members may still answer their own invitations.
        """
        if not self.env.su and SESSION in self.mapped("res_model"):
            raise UserError(
                self.env._(
                    "This meeting is a session of a committee. Postpone or cancel the "
                    "session, and the meeting follows."
                )
            )
