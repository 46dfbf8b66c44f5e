from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules import flow, session_flow
from ..mixins.refusal import Problem

# Only the moves write these fields: create, write, import and RPC refuse them.
MOVE_FIELDS = frozenset(
    [
        "name",
        "state",
        "calendar_event_id",
        "attendance_ids",
        "opened_on",
        "ended_on",
        "quorum_needed",
        "counts_ahead",
        "minutes_lang",
        "closed_on",
        "closed_by_id",
        "cancel_reason",
        "revision",
    ]
)
# Fields that are set when the session is planned; postponing changes the dates.
PLAN_FIELDS = frozenset(["committee_id", "start", "stop"])
# Fields that are written by hand, each only in certain states.
HAND_FIELDS = frozenset().union(*session_flow.WRITABLE.values())


class SessionFlow(models.Model):
    """The moves of a session, by :data:`rules.session_flow.TRANSITIONS`."""

    _inherit = "beneficiary.committee.session"
    _transitions = session_flow.TRANSITIONS
    _next_depends = ("state", "item_ids", "attendance_ids.status", "signed_paper_name")

    state = fields.Selection(
        [
            # Labels differ from those of other models, so that each of them can be
            # translated in the feminine form that Arabic needs here.
            ("planned", "Scheduled"),
            ("open", "In Session"),
            ("minutes", "Minutes Being Written"),
            ("closed", "Minutes Closed"),
            ("cancelled", "Called Off"),
        ],
        default="planned",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    opened_on = fields.Datetime(readonly=True, copy=False)
    ended_on = fields.Datetime(readonly=True, copy=False)
    closed_on = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one(
        "res.users",
        string="Session Closed By",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    cancel_reason = fields.Text(string="Why Cancelled", readonly=True, copy=False)

    revision = fields.Integer(
        copy=False,
        help="Counts the decisions closed or called off while it sat, so that they and "
        "its end are one after the other.",
        aggregator=None,
    )

    # For the screens only; the moves themselves check the rights.
    can_keep = fields.Boolean(compute="_compute_can")
    can_plan = fields.Boolean(compute="_compute_can")
    can_close = fields.Boolean(compute="_compute_can")

    @api.depends("committee_id")
    @api.depends_context("uid")
    def _compute_can(self):
        for session in self:
            roles = session._get_roles()
            session.can_keep = bool(roles & session_flow.KEEPERS)
            session.can_plan = bool(roles & session_flow.PLANNERS)
            session.can_close = bool(roles & session_flow.CLOSE.roles)

    def _get_next_step(self):
        session = self.sudo()  # the guards read what not every member may read
        if self.state == "planned":
            return self.can_keep and ("open" if session.item_ids else "fill")
        if self.state == "open":
            return self.can_keep and not session._guard_attendance({}) and "end"
        if self.state != "minutes":
            return False
        if self.can_sign:
            return "sign"
        return self.can_close and not session._guard_signatures({}) and "close"

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        kept = MOVE_FIELDS | (HAND_FIELDS - session_flow.WRITABLE["planned"])
        for vals in vals_list:
            self._refuse_vals(kept & vals.keys())
        return super(SessionFlow, self._without_defaults(kept)).create(vals_list)

    def write(self, vals):
        self._refuse_vals((MOVE_FIELDS | PLAN_FIELDS) & vals.keys())
        for state, sessions in self.grouped("state").items():
            sessions._check_writable(state, vals)
        return super().write(vals)

    def _write_flow(self, vals):
        return super().write(vals)

    def _check_writable(self, state, vals):
        """Raise unless the acting user may write ``vals`` in ``state``."""
        writable = session_flow.WRITABLE[state]
        if not writable and vals:
            raise UserError(
                self.env._(
                    "This session is closed or cancelled, and is not changed any "
                    "more. Plan a later session that corrects it."
                )
            )
        if HAND_FIELDS & vals.keys() - writable:
            raise UserError(
                self.env._(
                    "This is not written in the state “%(state)s” of a session.",
                    state=self._get_label("state", state),
                )
            )
        if state == "minutes" and HAND_FIELDS & vals.keys():
            for session in self:
                session._check_role(session_flow.KEEPERS)

    def _take_turns(self):
        """Increment ``revision`` first, to serialise with the end of the session.

        Of two concurrent transactions on one session, PostgreSQL makes the second one
        fail. It is retried with the data of the first one, or the user has to repeat
        the step.
        """
        for session in self:
            session._write_flow({"revision": session.revision + 1})
        self.flush_recordset(["revision"])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if any(session.state != "planned" or session.item_ids for session in self):
            raise UserError(
                self.env._(
                    "Only a planned session without an agenda is deleted. Cancel it "
                    "instead, with the reason."
                )
            )

    # -- moves -------------------------------------------------------------------------

    def action_open(self):
        """Open the session and put every member in office on the attendance list."""
        return self._move("open")

    def action_end(self):
        """End the session: record the outcome of each item and draft the minutes."""
        return self._move("end")

    def action_close(self):
        """Close the signed minutes. Nothing of the session can change after that."""
        return self._move("close")

    def action_postpone(self, reason=None, start=None, stop=None):
        """Move a planned session to a later time; its agenda goes with it.

        :param reason: why, for the members to read
        :param start: new begin (UTC)
        :param stop: new end (UTC); None keeps the duration
        """
        self.check_access("read")
        try:
            start, stop = map(fields.Datetime.to_datetime, (start, stop))
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("Write the new time as date and time: 2026-03-22 07:00:00.")
            ) from error
        return self._move("postpone", reason=reason, start=start, stop=stop)

    def action_cancel(self, reason=None):
        """Cancel a planned or open session in which nothing was decided.

        Its requests may go on another agenda.
        """
        return self._move("cancel", reason=reason)

    def _check_move(self, name, given):
        """Return the state that the move leads to, or raise why it may not be made."""
        self.ensure_one()
        if not self.sudo().try_lock_for_update():  # two users may press the same button
            raise UserError(
                self.env._(
                    "Somebody else is changing this session right now. Try again in a "
                    "moment."
                )
            )
        self.invalidate_recordset(["state"])
        return super()._check_move(name, given)

    def _get_roles(self):
        """Return the roles of the acting user in this session's committee.

        Superuser rights (``sudo``) give no role: the user behind them counts.
        """
        self.ensure_one()
        user = self.env.user
        roles = user._get_beneficiary_roles() & {flow.MANAGER}
        return roles | self.committee_id._get_seat_roles(user)

    def _get_role_refusal(self, roles):
        if roles == session_flow.CLOSE.roles:
            return self.env._("Only the chair of the committee closes its session.")
        return self.env._("The chair or the secretary of the committee does this.")

    def _log_move(self, move, target, given):
        """Leave an internal note with the reason, if any."""
        if reason := given.get("reason"):
            for session in self:
                session._message_log(body=reason.strip())
        return super()._log_move(move, target, given)

    # -- guards and values of the moves ------------------------------------------------

    def _guard_dates(self, given):
        if not given["start"] or given["start"] < fields.Datetime.now():
            sentence = self.env._("Choose a new time that has not passed.")
            return [Problem(sentence, None, "start")]
        return []

    def _guard_nothing_decided(self, given):
        decided = self.item_ids.filtered_domain(
            [("decision_id.decided_on", ">=", self.opened_on)]
        )
        if not decided:
            return []
        return [
            self.env._(
                "These were decided in this session, so it was held: %(requests)s. "
                "Mark who was there, and end it.",
                requests=self._list_words(decided.request_id.mapped("name")),
            )
        ]

    def _do_open(self, target, given):
        for session in self:
            session._write_flow(
                {
                    "opened_on": fields.Datetime.now(),
                    "counts_ahead": session.committee_id.votes_ahead,
                }
            )

    def _after_open(self, target):
        self._call_roll()
        self._sync_calendar_event()

    def _do_end(self, target, given):
        for session in self:
            session._write_flow(
                {
                    "ended_on": fields.Datetime.now(),
                    "quorum_needed": session._get_roll().needed,
                }
            )

    def _after_end(self, target):
        self.item_ids._settle()
        for session in self:
            session._draft_minutes()
        self._ask_signatures()

    def _do_close(self, target, given):
        self._write_flow(
            {"closed_on": fields.Datetime.now(), "closed_by_id": self.env.uid}
        )

    def _after_close(self, target):
        self._ask_signatures()

    def _do_postpone(self, target, given):
        start = given["start"]
        for session in self:
            before = session.start
            stop = given["stop"] or start + (session.stop - before)
            session._write_flow({"start": start, "stop": stop})
            session._tell_moved(given["reason"].strip(), before)

    def _do_cancel(self, target, given):
        reason = given["reason"].strip()
        self._write_flow({"cancel_reason": reason})
        for session in self:
            session._tell_cancelled(reason)

    def _after_cancel(self, target):
        self._sync_calendar_event()
