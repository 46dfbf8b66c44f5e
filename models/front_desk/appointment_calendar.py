from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import SUPERUSER_ID, Command, fields, models
from odoo.exceptions import UserError

from ...rules import appointment_flow

# How many times are suggested, and how far ahead they are looked for.
SUGGESTED = 3
DAYS_AHEAD = 14


class AppointmentCalendar(models.Model):
    """The agreed time in the officer's calendar, and the times that are free there.

    The event names the kind and the number, and no person. The officer moves it in the
    calendar, and the appointment follows.
    """

    _inherit = "beneficiary.appointment"

    event_id = fields.Many2one(
        "calendar.event",
        string="Meeting",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def write(self, vals):
        result = super().write(vals)
        if "officer_id" in vals:
            self._sync_event()
        return result

    def unlink(self):
        events = self.sudo().event_id
        result = super().unlink()
        events.unlink()
        return result

    def _sync_event(self):
        """Put what is agreed into the officer's calendar, and take out what is not."""
        events = (
            self.env["calendar.event"]
            .with_user(SUPERUSER_ID)  # the person who chooses has no calendar
            .with_context(no_mail_to_attendees=True, mail_notrack=True)
        )
        for appointment in self.sudo():
            event = appointment.event_id.with_env(events.env)
            if appointment.state != "agreed":
                if appointment.state != "held":  # what took place stays to be seen
                    event.unlink()
            elif event:
                event.write(appointment._prepare_event_vals())
            else:
                made = events.create(appointment._prepare_event_vals())
                appointment._write_flow({"event_id": made.id})

    def _prepare_event_vals(self):
        officer = self.officer_id
        return {
            "name": self.with_context(lang=officer.lang).display_name,
            "start": self.start,
            "stop": self.stop,
            "user_id": officer.id,
            "partner_ids": [Command.set(officer.partner_id.ids)],
            "privacy": "private",
            "show_as": "busy",
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
        }

    def _follow_event(self):
        """Take the time that the officer gave the event; without it, ask again."""
        for appointment in self:
            event = appointment.event_id
            if not event.active:
                lang = appointment.company_id._get_beneficiary_lang()
                reason = appointment.with_context(lang=lang).env._(
                    "The colleague has no time then."
                )
                appointment._do_move("asked", {"reason": reason})
            elif (event.start, event.stop) != (appointment.start, appointment.stop):
                appointment._write_flow(
                    {"start": event.start, "stop": event.stop, "reminded_on": False}
                )
                appointment._plan_turn()
                appointment._tell_person_of("agreed")

    # -- free times --------------------------------------------------------------------

    def _get_time_problem(self, start):
        """Return why ``start`` (UTC) cannot be chosen, or an empty text."""
        if start <= fields.Datetime.now():
            return self.env._("This time is over. Choose another time.")
        if self._is_officer_busy(start):
            return self.env._("This time has been taken. Choose another time.")
        return ""

    def _is_officer_busy(self, start):
        """Whether the officer has something else in the calendar at ``start``."""
        events = self.env["calendar.event"].sudo()  # private ones are busy times too
        return bool(
            events.search_count(
                [
                    ("partner_ids", "in", self.officer_id.partner_id.ids),
                    ("show_as", "=", "busy"),
                    ("start", "<", self._get_stop(start)),
                    ("stop", ">", start),
                    ("id", "not in", self.event_id.ids),
                ],
                limit=1,
            )
        )

    def action_suggest(self):
        """Fill in the next free times of the officer, one a day."""
        self.check_access("write")
        for appointment in self:
            if appointment.state not in appointment_flow.OFFERING:
                raise UserError(self.env._("A time was agreed already."))
            times = appointment._find_free_times()
            if not times:
                raise UserError(
                    self.env._(
                        "The colleague has no free time in the next two weeks. Write "
                        "the times yourself."
                    )
                )
            appointment.slot_ids = [
                Command.clear(),
                *(Command.create({"start": start}) for start in times),
            ]
        return True

    def _find_free_times(self):
        """Return the first free time of each of the next working days, in UTC."""
        company = self.company_id
        calendar = company.sudo()._get_beneficiary_calendar()  # not all read calendars
        zone = ZoneInfo(company._get_beneficiary_timezone())
        tomorrow = company._get_beneficiary_today() + timedelta(days=1)
        first = datetime.combine(tomorrow, time.min, tzinfo=zone)
        work = calendar._work_intervals_batch(first, first + timedelta(days=DAYS_AHEAD))
        times = {}
        for begin, end, _attendance in work[False]:
            day = begin.astimezone(zone).date()
            if day not in times and (free := self._find_free_time(begin, end)):
                times[day] = free
            if len(times) == SUGGESTED:
                break
        return [*times.values()]

    def _find_free_time(self, begin, end):
        start = begin.astimezone(UTC).replace(tzinfo=None)
        end = end.astimezone(UTC).replace(tzinfo=None)
        while self._get_stop(start) <= end:
            if not self._is_officer_busy(start):
                return start
            start = self._get_stop(start)
        return None
