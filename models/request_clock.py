from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..rules import clock, flow

REMIND_DAYS = 3
# A reply that could not leave is tried again after this many minutes.
RETRY_MINUTES = 60


class RequestClock(models.AbstractModel):
    """The dates of a request: when its reply may leave, and when it is late (R21).

    Dates are computed once, when the request is raised and decided, and stored.
    What depends on today ("overdue") is computed with a search method.
    """

    _name = "beneficiary.request.clock"
    _inherit = ["beneficiary.sweep.mixin"]
    _description = "Review Clock"

    raised_on = fields.Datetime(readonly=True, copy=False)
    review_floor_on = fields.Datetime(
        string="Reply Not Before", readonly=True, copy=False
    )
    reply_due_on = fields.Datetime(string="Reply Due", readonly=True, copy=False)
    release_on = fields.Datetime(string="Reply Leaves On", readonly=True, copy=False)
    released_on = fields.Datetime(string="Reply Left On", readonly=True, copy=False)
    early_release_reason = fields.Text(readonly=True, copy=False)
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
    clock_error = fields.Char(string="Reply Could Not Leave", readonly=True, copy=False)
    clock_retry_on = fields.Datetime(readonly=True, copy=False)
    pause_ids = fields.One2many(
        "beneficiary.request.pause", "request_id", string="Pauses", readonly=True
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    _reply_due = models.Index("(reply_due_on, id) WHERE state = 'in_review'")
    _release_due = models.Index("(release_on, id) WHERE state = 'decided'")

    @api.depends("reply_due_on", "state")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for request in self:
            request.is_overdue = (
                request.state == "in_review"
                and bool(request.reply_due_on)
                and request.reply_due_on < now
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = Domain("state", "=", "in_review") & Domain("reply_due_on", "<", "now")
        return Domain.OR(overdue if wanted else ~overdue for wanted in value)

    # -- starting, deciding, stopping --------------------------------------------------

    def _start_clock(self, raised_on=None):
        """Start the review period; a request that comes back keeps its first dates.

        :param raised_on: UTC datetime, of a request that was raised long ago
        """
        now = raised_on or fields.Datetime.now()
        self._resume_clock()
        new = self.filtered(lambda request: not request.raised_on)
        for policy, requests in new.grouped("policy_id").items():
            dates = clock.review_dates(
                now,
                policy._get_review_period(),
                policy.company_id._get_beneficiary_work_calendar(now),
            )
            requests._write_flow(
                {
                    "raised_on": now,
                    "review_floor_on": dates.floor,
                    "reply_due_on": dates.due,
                }
            )

    def _pause_clock(self, reason):
        """Stop counting: the applicant is asked to complete what was before the
        committee. The due date moves when it comes back; the floor never does."""
        paused = self.filtered(
            lambda request: (
                request.state == "in_review"
                and request.company_id.beneficiary_pause_when_returned
            )
        )
        self.env["beneficiary.request.pause"]._begin(paused, reason)

    def _resume_clock(self):
        """Move the due dates of requests that come back by the time they waited."""
        self.pause_ids._end()
        for request in self.filtered("pause_ids"):
            dates = clock.review_dates(
                request.raised_on,
                request.policy_id._get_review_period(),
                request.company_id._get_beneficiary_work_calendar(request.raised_on),
                request.pause_ids._get_pauses(),
            )
            request._write_flow({"reply_due_on": dates.due})

    def _hold_reply(self):
        """Set when the reply of a request decided now leaves; wake the cron then."""
        now = fields.Datetime.now()
        for policy, of_policy in self.grouped("policy_id").items():
            period = policy._get_review_period()
            calendar = policy.company_id._get_beneficiary_work_calendar(now)
            for floor, requests in of_policy.grouped("review_floor_on").items():
                release_on = clock.release_on(floor or None, now, period, calendar)
                requests._write_flow({"release_on": release_on})
        self._wake_cron_at(set(self.mapped("release_on")))

    @api.model
    def _wake_cron_at(self, moments):
        """Trigger the scheduled action at ``moments``; one trigger a moment."""
        # Scheduled actions are an administrator's, and members wake this one.
        cron = self.env.ref("beneficiary_relations.ir_cron_review").sudo()
        known = (
            self.env["ir.cron.trigger"]
            .sudo()
            .search([("cron_id", "=", cron.id), ("call_at", "in", list(moments))])
        )
        if new := moments - set(known.mapped("call_at")):
            cron._trigger(at=new)

    def _stop_clock(self, reason):
        """Note that the reply leaves now, and why if that is before its time."""
        now = fields.Datetime.now()
        early = self.filtered(
            lambda request: request.review_floor_on and now < request.review_floor_on
        )
        early._write_flow({"early_release_reason": reason})
        self._write_flow(
            {"released_on": now, "clock_error": False, "clock_retry_on": False}
        )

    def _get_release_problems(self, reason):
        """Return why the reply may not leave now (R21).

        The scheduled action waits for the release time; people may let a reply go
        once the period has passed; before that only the chair or a manager may,
        with a reason that is kept.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        roles = self._get_roles()
        if flow.SYSTEM in roles:
            if self.release_on and now >= self.release_on:
                return []
            return [self.env._("The reply leaves at its release time.")]
        if not self.review_floor_on or now >= self.review_floor_on:
            return []
        if not roles & {flow.MANAGER, flow.CHAIR}:
            return [
                self.env._(
                    "The review period has not passed: the reply is held until "
                    "%(date)s.",
                    date=self._format_moment(self.review_floor_on),
                )
            ]
        if (reason or "").strip():
            return []
        return [self.env._("Write why the reply leaves before the period has passed.")]

    def _format_moment(self, moment):
        """Return ``moment`` (UTC) as people of the association read it."""
        self.ensure_one()
        return fields.Datetime.to_string(
            fields.Datetime.context_timestamp(
                self.with_context(tz=self.company_id._get_beneficiary_timezone()),
                moment,
            ).replace(tzinfo=None)
        )[:16]

    # -- the scheduled action ----------------------------------------------------------

    @api.model
    def _cron_review(self):
        """Release what is due, remind of what soon is, escalate what is late (R22)."""
        self.env["beneficiary.committee.member"]._update_recent_ballots()
        now = fields.Datetime.now()
        ready = Domain("clock_retry_on", "=", False) | Domain(
            "clock_retry_on", "<=", now
        )
        held = Domain("state", "=", "decided") & Domain("release_on", "<=", now)
        self._sweep(held & ready, lambda requests: requests._move("release"))
        for escalation, days, audience in (
            ("1_member", REMIND_DAYS, "_get_waited_for_users"),
            ("2_chair", 0, "_get_chair_users"),
            ("3_manager", -REMIND_DAYS, "_get_manager_users"),
        ):
            late = (
                Domain("state", "=", "in_review")
                & Domain("reply_due_on", "<", now + timedelta(days=days))
                & Domain("escalation", "<", escalation)
            )
            self._sweep(
                late & ready,
                lambda requests, escalation=escalation, audience=audience: (
                    requests._escalate(escalation, audience)
                ),
            )

    def _postpone(self, error):
        """Mark a request that could not be treated, and look at it again later."""
        self._write_flow(
            {
                "clock_error": str(error),
                "clock_retry_on": fields.Datetime.now()
                + timedelta(minutes=RETRY_MINUTES),
            }
        )

    def _escalate(self, escalation, audience):
        """Tell who is next of kin to a late study; never decides for anyone."""
        summary = {
            "1_member": self.env._("The reply is due soon: your vote is asked"),
            "2_chair": self.env._("The reply is late: close the vote"),
            "3_manager": self.env._("The reply is late, and the chair was told"),
        }[escalation]
        self._schedule_activities(
            "beneficiary_relations.mail_activity_type_late",
            [
                (request, user, summary)
                for request in self
                for user in getattr(request, audience)()
            ],
        )
        self._write_flow({"escalation": escalation})

    def _get_waited_for_users(self):
        return (
            self._get_current_decision()
            .vote_ids.filtered(lambda vote: not vote.choice)
            .user_id
        )

    def _get_chair_users(self):
        seats = self.committee_id._get_members_in_office()
        return seats.filtered(lambda seat: seat.role == "chair").user_id

    def _get_manager_users(self):
        return self.company_id._get_beneficiary_manager()
