from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import frozendict, ormcache

SHIPPED = "beneficiary_relations.resource_calendar_riyadh"
SHIPPED_NAME = "Sunday to Thursday, Riyadh"


class ResourceCalendar(models.Model):
    """The office calendar of an association, used by its review clock (R21).

    Managers of the association and administrators may change it. Only administrators
    may change a calendar that associations share.
    """

    _inherit = "resource.calendar"

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Name the calendar that ships in the user's language (R44).

        Odoo keeps one name for all languages. A name that somebody gave it stays.
        """
        result = super()._compute_display_name()
        shipped = self.env["ir.model.data"]._xmlid_to_res_id(SHIPPED)
        for calendar in self:
            if calendar._origin.id == shipped and calendar.name == SHIPPED_NAME:
                calendar.display_name = self.env._("Sunday to Thursday, Riyadh")
        return result

    def write(self, vals):
        self._check_may_change()
        if "tz" in vals:
            self.env.registry.clear_cache()  # associations' time zones are kept there
        return super().write(vals)

    def unlink(self):
        self._check_may_change()
        self.env.registry.clear_cache()  # their holidays and hours
        return super().unlink()

    def _check_may_change(self):
        """Raise unless the acting user may change these calendars (R21).

        A user may not change the office calendar of an association that they do not
        manage, nor a shared calendar that is in use.

        :raise AccessError: says who may change it
        """
        user = self.env.user
        if self.env.su or not self or user._is_system():
            return
        companies = self.env["res.company"]._get_beneficiary_associations()
        # Which calendars are ours does not depend on what the user may read.
        companies = companies.filtered(
            lambda company: company._get_beneficiary_calendar() in self.sudo()
        )
        shared = self.sudo().filtered(lambda calendar: not calendar.company_id)
        in_use = {company._get_beneficiary_calendar() for company in companies}
        if companies - user._get_managed_associations() or in_use & {*shared}:
            raise AccessError(
                self.env._(
                    "Replies are counted by this working schedule. The managers of the "
                    "association change it, and administrators one that is shared."
                )
            )

    def _get_working_weekdays(self):
        """Return the weekdays with working hours, where 0 is Monday.

        Breaks, and the section titles of a two-week calendar, are not working hours.
        """
        self.ensure_one()
        return frozenset(self._get_closing_hours())

    def _get_closing_hours(self):
        """Return the hour at which work ends, by weekday, where 0 is Monday."""
        self.ensure_one()
        return self._origin._read_closing_hours()

    @ormcache("self.id")
    def _read_closing_hours(self):
        hours = {}
        for line in self.attendance_ids.filtered(lambda line: line._is_work_period()):
            day = int(line.dayofweek)
            hours[day] = max(line.hour_to, hours.get(day, 0))
        return frozendict(hours)

    def _check_has_working_days(self):
        """Raise if a calendar has no working day: no reply could ever leave (R21)."""
        for calendar in self:
            if not calendar._get_working_weekdays():
                raise ValidationError(
                    self.env._(
                        "The working schedule “%(calendar)s” has no working day. Add "
                        "its working hours, or choose another office calendar in the "
                        "settings.",
                        calendar=calendar.display_name,
                    )
                )


class ResourceCalendarAttendance(models.Model):
    """Changing an office calendar's hours needs the right to change the calendar."""

    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env.registry.clear_cache()  # calendars keep their hours
        lines.calendar_id._check_may_change()
        return lines

    def write(self, vals):
        self.calendar_id._check_may_change()
        result = super().write(vals)
        self.env.registry.clear_cache()
        self.calendar_id._check_may_change()
        return result

    def unlink(self):
        self.calendar_id._check_may_change()
        self.env.registry.clear_cache()
        return super().unlink()


class ResourceResource(models.Model):
    """A deleted resource takes its time off along: it is no public holiday (R21)."""

    _inherit = "resource.resource"

    def unlink(self):
        self.check_access("unlink")
        # The database would keep it, as time off of the whole association.
        leaves = self.env["resource.calendar.leaves"].sudo()
        leaves.search([("resource_id", "in", self.ids)]).unlink()
        return super().unlink()
