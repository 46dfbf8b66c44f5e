from odoo import models
from odoo.exceptions import ValidationError


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

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
