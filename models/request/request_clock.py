from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain

from ...rules import clock, flow

# States in which a request that came back is on its way to its committee again.
BACK_STATES = flow.PREPARING - {"draft"}
# States in which no pause is open: raising a request to the committee ends it.
UNPAUSED = frozenset(["in_review", "decided", "accepted", "rejected", "registered"])
UNPAUSED |= {"delivered", "closed"}
# States in which a request may owe a reply.
OWING_STATES = BACK_STATES | {"in_review", "decided"}


class RequestClock(models.Model):
    """The dates of a request: when its reply is due, and when it is late (R21).

    Dates are computed once, when the request is raised and when it is decided, and
    are stored. Values that depend on today ("overdue") are computed, and have a
    search method.
    """

    _inherit = "beneficiary.request"

    raised_on = fields.Datetime(readonly=True, copy=False)
    review_floor_on = fields.Datetime(
        string="Reply Not Before", readonly=True, copy=False
    )
    reply_due_on = fields.Datetime(string="Reply Due", readonly=True, copy=False)
    reply_on = fields.Datetime(
        string="Reply Leaves, or Is Due",
        compute="_compute_reply_on",
        search="_search_reply_on",
        help="After the decision: when the held reply leaves. Before it: when the "
        "reply is due or, if the policy sets no due date, when it may leave at the "
        "earliest.",
    )
    review_days = fields.Integer(
        string="Days of the Review Period",
        readonly=True,
        copy=False,
        help="The days that the policy and the service set when the request was "
        "raised.",
        aggregator="avg",
    )
    review_grace_days = fields.Integer(
        string="Grace Days of the Review Period",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="The grace days that the association set when the request was raised.",
    )
    escalation = fields.Selection(
        [
            ("0_none", "None"),
            ("1_member", "Members Reminded"),
            ("2_chair", "Chair Told"),
            ("3_manager", "Manager Told"),
        ],
        default="0_none",
        readonly=True,
        copy=False,
    )
    pause_ids = fields.One2many(
        "beneficiary.request.pause", "request_id", string="Pauses", readonly=True
    )
    is_paused = fields.Boolean(
        string="Waits for the Applicant",
        compute="_compute_is_paused",
        search="_search_is_paused",
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    # What the scheduled action has to do at each level, with the moment it is due.
    _escalation_due = models.Index(
        "(escalation, reply_due_on, id) WHERE reply_due_on IS NOT NULL"
        " AND state IN ('submitted', 'verified', 'declared', 'in_review')"
    )
    _reply_due = models.Index("(reply_due_on, id) WHERE state = 'in_review'")
    _reply_due_back = models.Index(
        "(reply_due_on, id) WHERE raised_on IS NOT NULL"
        " AND state IN ('draft', 'submitted', 'verified', 'declared')"
    )
    # All that the question which replies are late, or due soon, asks of a request. So
    # they are counted without the table.
    _owing = models.Index(
        "(company_id, reply_due_on) INCLUDE (id, state, raised_on, release_on)"
        " WHERE reply_due_on IS NOT NULL AND state IN"
        " ('submitted', 'verified', 'declared', 'in_review', 'decided')"
    )

    @api.depends("state", "release_on", "reply_due_on", "review_floor_on")
    def _compute_reply_on(self):
        for request in self:
            request.reply_on = (
                (request.state == "decided" and request.release_on)
                or request.reply_due_on
                or request.review_floor_on
            )

    def _search_reply_on(self, operator, value):
        if operator not in ("in", "<", "<=", ">", ">="):
            return NotImplemented
        due = value
        if operator == "in":
            due = [moment for moment in value if moment]
        held = Domain("state", "=", "decided") & Domain("release_on", "!=", False)
        owed = Domain("reply_due_on", operator, due) | (
            Domain("reply_due_on", "=", False)
            & Domain("review_floor_on", operator, value)
        )
        return (held & Domain("release_on", operator, value)) | (~held & owed)

    @api.depends("pause_ids.date_end", "raised_on", "state")
    def _compute_is_paused(self):
        for request in self:
            # A clock that never ran is not paused, and the committee's never is.
            may_be = request.raised_on and request.state not in UNPAUSED
            pauses = may_be and request.sudo().pause_ids
            request.is_paused = any(not pause.date_end for pause in pauses or ())

    @api.model
    def _get_running_domain(self):
        """Return the domain of the requests that staff have to act on.

        These requests are before the committee, or came back from it to the office.
        A request that waits for its applicant is not among them: it is never late.
        """
        before = Domain("state", "=", "in_review")
        back = Domain("state", "in", list(BACK_STATES)) & Domain(
            "raised_on", "!=", False
        )
        return before | (back & Domain("is_paused", "=", False))

    @api.model
    def _get_owing_domain(self):
        """Return the domain of the requests that owe a reply.

        These are the running requests, and the decided requests whose release time
        has passed. A manager was told when such a release failed. The states stand
        beside the parts too: so one index answers all parts.
        """
        stuck = Domain("state", "=", "decided") & Domain(
            "release_on", "<", fields.Datetime.now()
        )
        owing = self._get_running_domain() | stuck
        return Domain("state", "in", list(OWING_STATES)) & owing

    @api.depends("reply_due_on", "release_on", "state", "pause_ids.date_end")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        due_set = self.sudo().filtered("reply_due_on")
        owing = due_set.filtered_domain(self._get_owing_domain())
        for request in self:
            due = request in owing and request.reply_due_on
            request.is_overdue = bool(due) and due < now

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = self._get_due_domain("overdue")
        return Domain.OR(overdue if wanted else ~overdue for wanted in value)

    # -- starting, deciding, stopping --------------------------------------------------

    def _get_review_period(self):
        """Return the review period of this request.

        It is the period of the policy, or a longer one if the service has more days;
        it is never shorter (R21). A raised request keeps the days that it had then:
        a later change of the service's settings applies to other requests only.
        """
        self.ensure_one()
        period = self._get_policy()._get_review_period()
        if self.review_days:
            return replace(
                period, days=self.review_days, grace_days=self.review_grace_days
            )
        return replace(
            period, days=max(period.days, self.service_id._get_review_days())
        )

    def _group_by_period(self):
        """Group these requests by company and period: one rule gives their dates."""
        return self.grouped(
            lambda request: (request.company_id, request._get_review_period())
        )

    def _start_clock(self, raised_on=None):
        """Start the review period; a request that comes back keeps its first dates.

        :param raised_on: UTC datetime, for a migrated request; now by default
        """
        now = raised_on or fields.Datetime.now()
        self._resume_clock()
        new = self.filtered(lambda request: not request.raised_on)
        for (company, period), requests in new._group_by_period().items():
            calendar = company._get_beneficiary_work_calendar(now)
            dates = clock.review_dates(now, period, calendar)
            requests._write_flow(
                {
                    "raised_on": now,
                    "review_days": period.days,
                    "review_grace_days": period.grace_days,
                    "review_floor_on": dates.floor,
                    "reply_due_on": dates.due,
                }
            )

    def _lengthen_clock(self):
        """Extend the period of returned requests whose new service has a longer one.

        A period that was promised is never shortened (R21).
        """
        for request in self.filtered("raised_on"):
            days = request.service_id.review_days
            if days > request._get_review_period().days:
                request._write_flow({"review_days": days})
                request._update_dates()

    def _update_dates(self):
        """Compute the dates of raised requests again, after a change of their period
        or of the holidays."""
        for (company, period), requests in self._group_by_period().items():
            first = min(requests.mapped("raised_on"))
            calendar = company._get_beneficiary_work_calendar(first)
            for request in requests:
                request._write_dates(period, calendar)

    def _write_dates(self, period, calendar):
        self.ensure_one()
        ended = self.pause_ids.filtered("date_end")
        dates = clock.review_dates(
            self.raised_on, period, calendar, ended._get_pauses()
        )
        due = dates.due
        vals = {"review_floor_on": dates.floor, "reply_due_on": due}
        if due and due > fields.Datetime.now() and self.escalation != "0_none":
            # The request is not late any more. Reset the reminders, so that they are
            # sent again if it is late at the new date.
            self._write_flow({"escalation": "0_none"})
            self._end_lateness()
        self._write_flow(vals)
        self.sudo()._get_current_decision().write(vals)  # delegates may not

    def _follow_calendar(self):
        """Compute the dates of these requests again, after a change of holidays."""
        self.filtered("raised_on")._update_dates()
        self.filtered(lambda request: request.state == "decided")._hold_reply()

    def _pause_clock(self, reason):
        """Pause the period while the applicant completes a raised request.

        The due date moves when the applicant is done. The floor never moves.
        """
        paused = self.filtered(
            lambda request: (
                request.raised_on
                and not request.released_on
                and not request.is_paused
                and request.company_id.beneficiary_pause_when_returned
            )
        )
        self.env["beneficiary.request.pause"]._begin(paused, reason)

    def action_resume(self):
        """End the pause: the applicant has completed the request (R21)."""
        self.check_access("write")
        for request in self:
            request._check_role(flow.OFFICERS)
        self._resume_clock()
        return True

    def _resume_clock(self):
        """End the open pauses, and move the due dates of these requests.

        Shift each due date by the length of the pause only; today's settings are not
        applied again.
        """
        ended = self.filtered("raised_on").pause_ids._end()
        owing = ended.request_id.filtered("reply_due_on")
        for company, requests in owing.grouped("company_id").items():
            calendar = company._get_beneficiary_work_calendar(fields.Datetime.now())
            for request in requests:
                pauses = ended & request.pause_ids
                waited = clock.paused(pauses._get_pauses(), request.raised_on)
                due = clock.on_working_day(
                    request.reply_due_on + waited,
                    calendar,
                    company._get_beneficiary_timezone(),
                )
                request._write_flow({"reply_due_on": due})

    def _reset_clock(self):
        """Clear the dates of the last round; its decision keeps them."""
        self._write_flow(
            dict.fromkeys(
                (
                    "raised_on",
                    "review_days",
                    "review_grace_days",
                    "review_floor_on",
                    "reply_due_on",
                    "release_on",
                    "released_on",
                    "early_release_reason",
                ),
                False,
            )
        )
