from odoo import models
from odoo.exceptions import ValidationError


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        if "tz" in vals:
            self.env.registry.clear_cache()  # associations' time zones are kept there
        return super().write(vals)

    def _get_working_weekdays(self):
        """Return the days of the week on which anybody works, Monday 0; breaks and the
        titles of a calendar of two weeks are no work."""
        self.ensure_one()
        periods = self.attendance_ids.filtered(lambda line: line._is_work_period())
        return frozenset(int(line.dayofweek) for line in periods)

    def _check_has_working_days(self):
        """Raise when no reply could ever leave by one of these calendars (R21)."""
        for calendar in self:
            if not calendar._get_working_weekdays():
                raise ValidationError(
                    self.env._(
                        "The working schedule “%(calendar)s” has no working day. Add "
                        "its working hours, or choose another office calendar in the "
                        "settings.",
                        calendar=calendar.name,
                    )
                )
