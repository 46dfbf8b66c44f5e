from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...rules import clock, flow
from ...rules.evidence import says_nothing
from ...rules.flow import REMIND_DAYS

# Minutes after which a reply that could not leave is tried again.
RETRY_MINUTES = 60


class RequestRelease(models.Model):
    """How the reply of a decided request is held, and how it leaves (R20, R21).

    The scheduled action releases each reply at its time. If one fails, the others
    still leave, and the failed one is tried again.
    """

    _inherit = "beneficiary.request"

    release_on = fields.Datetime(string="Reply Leaves On", readonly=True, copy=False)
    released_on = fields.Datetime(string="Reply Left On", readonly=True, copy=False)
    early_release_reason = fields.Text(readonly=True, copy=False)
    clock_error = fields.Char(string="Reply Could Not Leave", readonly=True, copy=False)
    clock_retry_on = fields.Datetime(readonly=True, copy=False)

    _release_due = models.Index("(release_on, id) WHERE state = 'decided'")

    def _hold_reply(self):
        """Set when the replies of decided requests leave, and wake the cron then."""
        now = fields.Datetime.now()
        for (company, period), same in self._group_by_period().items():
            calendar = company._get_beneficiary_work_calendar(now)
            for (floor, due), requests in same.grouped(
                lambda request: (request.review_floor_on, request.reply_due_on)
            ).items():
                release_on = clock.release_on(
                    floor or None, now, period, calendar, due or None
                )
                requests._write_flow({"release_on": release_on})
        self._wake_cron_at(set(self.mapped("release_on")))

    @api.model
    def _wake_cron_at(self, moments):
        """Trigger the scheduled action at each of ``moments``, once for each moment."""
        # Superuser: members get here, and only administrators may read the action.
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "beneficiary_relations.ir_cron_review"
        )
        cron = self.env["ir.cron"].sudo().browse(cron_id)
        known = (
            self.env["ir.cron.trigger"]
            .sudo()
            .search([("cron_id", "=", cron.id), ("call_at", "in", list(moments))])
        )
        if new := moments - set(known.mapped("call_at")):
            cron._trigger(at=new)

    def _stop_clock(self, reason):
        """Record that the reply leaves now, with the reason if it leaves early."""
        now = fields.Datetime.now()
        early = self.filtered(
            lambda request: request.review_floor_on and now < request.review_floor_on
        )
        early._write_flow({"early_release_reason": reason})
        self._write_flow(
            {"released_on": now, "clock_error": False, "clock_retry_on": False}
        )
        # Superuser: officers may not write decisions.
        self._get_current_decisions().sudo()._leave(now)
        early._get_current_decisions().sudo().write({"early_release_reason": reason})

    def _get_release_problems(self, reason):
        """Return why the reply may not leave now (R21).

        The scheduled action waits for the release time. People may release the reply
        once the period has passed. Before that only the chair or a manager may do so,
        with a reason that is recorded.
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
        if not roles & {flow.MANAGER, flow.CHAIR} or self._is_recused():
            return [
                self.env._(
                    "The review period has not passed: the reply is held until "
                    "%(date)s.",
                    date=self._format_moment(self.review_floor_on),
                )
            ]
        if not says_nothing(reason):
            return []
        return [self.env._("Write why the reply leaves before the period has passed.")]

    # -- the scheduled action ----------------------------------------------------------

    @api.model
    def _cron_review(self):
        """Release due replies, remind before the due date, escalate late ones (R22)."""
        now = fields.Datetime.now()
        ready = Domain("clock_retry_on", "=", False) | Domain(
            "clock_retry_on", "<=", now
        )
        # The replies to the dead stay held: a person decides about them.
        ready &= self._get_living_domain()
        held = Domain("state", "=", "decided") & Domain("release_on", "<=", now)
        if not self._sweep(
            held & ready,
            lambda requests: requests._move("release"),
            order="release_on, id",
        ):
            return
        for before, escalation, days, audience in (
            ("0_none", "1_member", REMIND_DAYS, "_get_waited_for_users"),
            ("1_member", "2_chair", 0, "_get_leading_users"),
            ("2_chair", "3_manager", -REMIND_DAYS, "_get_manager_users"),
        ):
            late = (
                # Named once more: an index is not found by an "or" of states.
                Domain("state", "in", list(flow.RUNNING))
                & self._get_running_domain()
                & Domain("reply_due_on", "<", now + timedelta(days=days))
                & Domain("escalation", "=", before)
            )
            if not self._sweep(
                late & ready,
                lambda requests, escalation=escalation, audience=audience: (
                    requests._escalate(escalation, audience)
                ),
                order="reply_due_on, id",
            ):
                return

    def _postpone(self, error):
        """Mark a request that could not be treated, and try again later.

        The manager is told the first time, because nobody meant to hold this reply.
        """
        is_known = bool(self.clock_error)
        # Mark the request first, even if the manager cannot be told. Otherwise it would
        # stay at the head of the queue.
        self._write_flow(
            {
                "clock_error": str(error),
                "clock_retry_on": fields.Datetime.now()
                + timedelta(minutes=RETRY_MINUTES),
            }
        )
        if not is_known:
            self._treat(
                self,
                lambda request: request._tell_late(
                    [(request, user) for user in request._get_manager_users()],
                    lambda env: env._("A scheduled step of this request failed"),
                ),
                give_up=lambda request, error: None,
            )
