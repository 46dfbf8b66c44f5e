from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...rules import clock, flow


class RequestPreview(models.Model):
    """The date of the reply in words, in both calendars (R21, R38)."""

    _inherit = "beneficiary.request"

    reply_preview = fields.Char(string="Reply", compute="_compute_reply_preview")

    @api.depends(
        "service_id",
        "policy_id",
        "state",
        "raised_on",
        "review_floor_on",
        "reply_due_on",
        "review_days",
        "review_grace_days",
        "release_on",
        "released_on",
        "is_paused",
    )
    @api.depends_context("lang")
    def _compute_reply_preview(self):
        """Before a request is raised, compute the dates as if it were raised now."""
        # Superuser: not every user may read the settings of the association.
        calendars = self.sudo()._get_preview_calendars()
        for request in self:
            request.reply_preview = request.sudo()._preview_reply(  # as above
                calendars.get(request.company_id)
            )

    def _get_preview_calendars(self):
        """Return the work calendar of each association that has requests to preview.

        Decided, answered and closed requests need none. The value is None if the
        association's calendar cannot be used.
        """
        calendars = {}
        running = self.filtered(
            lambda request: (
                request.state not in {"decided", *flow.CLOSED}
                and not request.released_on
            )
        )
        for company, requests in running.grouped("company_id").items():
            moments = [moment for moment in requests.mapped("raised_on") if moment]
            now = fields.Datetime.now()
            try:
                calendars[company] = company._get_beneficiary_work_calendar(
                    min([now, *moments])
                )
            except ValidationError:
                calendars[company] = None  # the form still opens
        return calendars

    def _preview_reply(self, calendar):
        """Return a sentence about the date of the reply, or an empty text.

        :param calendar: a :class:`rules.clock.WorkCalendar`, or None
        """
        self.ensure_one()
        if not self._get_policy() or self.released_on or self.state in flow.CLOSED:
            return ""
        if self.state == "decided":
            return self.env._(
                "The reply leaves on %(date)s.", date=self._format_day(self.release_on)
            )
        if self.is_paused:
            return self.env._(
                "The period is paused while the applicant completes the request."
            )
        if not calendar:
            return ""
        now = fields.Datetime.now()
        period = self._get_review_period()
        dates = clock.ReviewDates(self.review_floor_on, self.reply_due_on)
        if not self.raised_on:
            dates = clock.review_dates(now, period, calendar)
        floor = dates.floor
        if floor:
            # The period may end at any hour; replies leave only at the release hour.
            floor = clock.release_on(floor, floor, period, calendar)
        due = dates.due
        if floor and due:
            due = max(floor, due)  # the office's calendar may have been replaced
        return self._describe_dates(floor, due)

    def _describe_dates(self, floor, due):
        """Return "from … until …" for two moments (UTC); either may be missing."""
        floor, due = self._format_day(floor), self._format_day(due)
        if self.raised_on:
            both = self.env._("Reply from %(floor)s until %(due)s.")
            first = self.env._("Reply from %(floor)s.")
            last = self.env._("Reply until %(due)s.")
        else:
            both = self.env._("If raised now: reply from %(floor)s until %(due)s.")
            first = self.env._("If raised now: reply from %(floor)s.")
            last = self.env._("If raised now: reply until %(due)s.")
        sentence = both if floor and due else first if floor else last
        return sentence % {"floor": floor, "due": due}

    def _format_day(self, moment):
        """Return the day of ``moment`` (UTC), in local time and in both calendars."""
        self.ensure_one()
        return self._format_both(self._get_local_day(moment)) if moment else ""

    def _format_moment(self, moment):
        """Return ``moment`` (UTC) as text, in the association's time."""
        self.ensure_one()
        return self._get_local_time(moment).strftime("%Y-%m-%d %H:%M")
