from odoo import models

# The fields of an event that say when it is, and whether it is.
WHEN_FIELDS = frozenset(
    ["active", "allday", "duration", "start", "start_date", "stop", "stop_date"]
)


class CalendarEvent(models.Model):
    """The event of a call or visit: the appointment follows when it is moved."""

    _inherit = "calendar.event"

    def write(self, vals):
        result = super().write(vals)
        if WHEN_FIELDS & vals.keys():
            self._get_appointments()._follow_event()
        return result

    def unlink(self):
        appointments = self._get_appointments()
        result = super().unlink()
        appointments._follow_event()
        return result

    def _get_activity_excluded_models(self):
        """Make no second activity for a call or visit: its own one is there."""
        return [*super()._get_activity_excluded_models(), "beneficiary.appointment"]

    def _get_appointments(self):
        """Return the agreed calls and visits of these events, as superuser."""
        return (
            self.env["beneficiary.appointment"]
            .sudo()
            .search([("event_id", "in", self.ids), ("state", "=", "agreed")])
        )
