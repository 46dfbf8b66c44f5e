from odoo import models
from odoo.exceptions import ValidationError


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        if "tz" in vals:
            self.env.registry.clear_cache()  # associations' time zones are kept there
        return super().write(vals)

    def _check_has_working_days(self):
        """Raise when no reply could ever leave by one of these calendars (R21)."""
        for calendar in self:
            if not calendar.attendance_ids:
                raise ValidationError(
                    self.env._(
                        "The working schedule “%(calendar)s” has no working day. Add "
                        "its working hours, or choose another office calendar in the "
                        "settings.",
                        calendar=calendar.name,
                    )
                )
