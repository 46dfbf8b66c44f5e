from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...rules import clock, flow, hijri


class RequestPreview(models.Model):
    """When the reply of a request comes, in words, in both calendars (R21, R38)."""

    _inherit = "beneficiary.request"

    reply_preview = fields.Char(string="Reply", compute="_compute_reply_preview")

    @api.depends(
        "service_id", "policy_id", "state", "reply_due_on", "release_on", "is_paused"
    )
    @api.depends_context("lang")
    def _compute_reply_preview(self):
        """When the reply comes, in both calendars; as if raised now, until it is."""
        calendars = self.sudo()._get_preview_calendars()  # settings of the office
        for request in self:
            request.reply_preview = request.sudo()._preview_reply(  # as above
                calendars.get(request.company_id)
            )

    def _get_preview_calendars(self):
        """Return the working days of each association whose requests have a period
        that runs, or would; None where its calendar is of no use."""
        calendars = {}
        running = self.filtered(
            lambda request: request.state not in {"decided", *flow.CLOSED}
        )
        for company, requests in running.grouped("company_id").items():
            moments = [moment for moment in requests.mapped("raised_on") if moment]
            now = fields.Datetime.now()
            try:
                calendars[company] = company._get_beneficiary_work_calendar(
                    min([now, *moments])
                )
            except ValidationError:
                calendars[company] = None  # the settings say so; the form opens
        return calendars

    def _preview_reply(self, calendar):
        """Return when the reply comes.

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
            # The period ends at any hour of any day; replies leave at theirs.
            floor = clock.release_on(floor, floor, period, calendar)
        return self._describe_dates(floor, dates.due)

    def _describe_dates(self, floor, due):
        """Return "from … until …" for two moments (UTC), either of which may lack."""
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
        """Return the day of ``moment`` (UTC) in both calendars, association's time."""
        self.ensure_one()
        return self._format_date(self._get_local_day(moment)) if moment else ""

    def _format_date(self, day):
        """Return ``day`` in both calendars."""
        return self.env._(
            "%(gregorian)s (%(hijri)s\N{NO-BREAK SPACE}AH)",
            gregorian=format_date(self.env, day, date_format="EEEE d MMMM y"),
            hijri=hijri.to_hijri(day).replace("-", "/"),
        )

    def _format_moment(self, moment):
        """Return ``moment`` (UTC) as people of the association read it."""
        self.ensure_one()
        return self._get_local_time(moment).strftime("%Y-%m-%d %H:%M")
