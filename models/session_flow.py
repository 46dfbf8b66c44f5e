from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..rules import flow, session_flow

# Written by the moves alone: refused in create, write, import and RPC.
MOVE_FIELDS = frozenset(
    [
        "name",
        "state",
        "calendar_event_id",
        "attendance_ids",
        "opened_on",
        "ended_on",
        "closed_on",
        "closed_by_id",
        "cancel_reason",
        "revision",
    ]
)
# Said when the session is planned; the dates change by postponing it.
PLAN_FIELDS = frozenset(["committee_id", "start", "stop"])
# Written by hand, each in its own state.
HAND_FIELDS = frozenset().union(*session_flow.WRITABLE.values())


class SessionFlow(models.AbstractModel):
    """The moves of a session: one table, one checker, one writer.

    ``action_*`` is what buttons and RPC call. Each asks
    :data:`rules.session_flow.TRANSITIONS` who may, and the guards what is missing.
    """

    _name = "beneficiary.session.flow"
    _description = "Life of a Session"

    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("open", "In Session"),
            ("minutes", "Minutes Being Written"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
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
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    cancel_reason = fields.Text(string="Why Cancelled", readonly=True, copy=False)

    revision = fields.Integer(
        copy=False,
        help="Counts the decisions closed while it sat, so that a session that ends "
        "and a vote that closes are one after the other.",
    )

    # What the acting user may do now: screens follow it, the moves decide.
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

    def _refuse_vals(self, names):
        if names:
            labels = self.env["ir.model.fields"].sudo()  # labels only
            raise UserError(
                self.env._(
                    "These are written by the steps of a session alone: %(fields)s. "
                    "Use its buttons.",
                    fields=", ".join(
                        labels._get(self._name, name).field_description
                        for name in sorted(names)
                    ),
                )
            )

    def _check_writable(self, state, vals):
        """Raise unless ``vals`` may be written, in ``state``, by the acting user."""
        writable = session_flow.WRITABLE[state]
        if not writable and vals:
            raise UserError(
                self.env._(
                    "This session is closed or cancelled, and is not changed any "
                    "more. Plan a later session that corrects it."
                )
            )
        if HAND_FIELDS & vals.keys() - writable:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "This is not written in the state “%(state)s” of a session.",
                    state=labels[state],
                )
            )
        if state == "minutes" and HAND_FIELDS & vals.keys():
            for session in self:
                session._check_role(session_flow.KEEPERS)

    def _take_turns(self):
        """Write to the session first: where it is ended at this moment, one of the two
        starts anew, with what the other has done, or is told to."""
        for session in self:
            session._write_flow({"revision": session.revision + 1})
        self.flush_recordset(["revision"])

    def _write_flow(self, vals):
        """The one writer of flow fields: past this mixin's own refusal."""
        return super().write(vals)

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
        """Open the session: every member in office is on the attendance list."""
        return self._move("open")

    def action_end(self):
        """End the session: the agenda is settled and the minutes are drafted."""
        return self._move("end")

    def action_close(self):
        """Close the signed minutes: nothing of the session is changed after that."""
        return self._move("close")

    def action_postpone(self, reason=None, start=None, stop=None):
        """Move a planned session to a later time; its agenda goes with it.

        :param reason: why, as the members read it
        :param start: when it begins now (UTC)
        :param stop: when it ends now; None keeps how long it takes
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
        """Cancel a planned session; its requests may go on another agenda."""
        return self._move("cancel", reason=reason)

    def _move(self, name, **given):
        """Check and do the move called ``name`` on every session of ``self``.

        :raise AccessError: when the acting user has no such role in the committee
        :raise UserError: with all that is missing, when a guard refuses
        """
        self.check_access("read")
        for session in self:
            target = session._check_move(name, given)
            # Rights are checked above, by role: who moves it may not write it.
            session.sudo()._do_move(name, target, given)
        return True

    def _check_move(self, name, given):
        """Return the state that the move leads to, or raise why it may not be made."""
        self.ensure_one()
        if not self.sudo().try_lock_for_update():  # two press the same button
            raise UserError(
                self.env._(
                    "Somebody else takes a step of this session right now. Try again "
                    "in a moment."
                )
            )
        self.invalidate_recordset(["state"])
        target, move = session_flow.find_move(self.state, name)
        if not move:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(session)s: this step is not possible in the state “%(state)s”.",
                    session=self.name,
                    state=labels[self.state],
                )
            )
        self._check_role(move.roles)
        problems = self.env["beneficiary.request"]._get_input_problems(
            {"reason": given.get("reason")}
        )
        if not problems:
            for guard in move.guards:
                problems += getattr(self, f"_guard_{guard}")(given)
            if "reason" in move.asks and not (given["reason"] or "").strip():
                problems.append(self.env._("Write the reason."))
        if problems:
            raise UserError("\n".join(problems))
        return target

    def _get_roles(self):
        """Return the roles of the acting user in this session's committee.

        Superuser rights (``sudo``) give no role: the user behind them counts.
        """
        self.ensure_one()
        user = self.env.user
        roles = user._get_beneficiary_roles() & {flow.MANAGER}
        return roles | self.committee_id._get_seat_roles(user)

    def _check_role(self, roles):
        if roles & self._get_roles():
            return
        if roles == session_flow.CLOSE.roles:
            raise AccessError(
                self.env._("Only the chair of the committee closes its session.")
            )
        raise AccessError(
            self.env._("The chair or the secretary of the committee does this.")
        )

    def _do_move(self, name, target, given):
        """Write the move of one session, and all that follows from it."""
        vals = getattr(self, f"_prepare_{name}_vals")(given)
        self._write_flow({**vals, "state": target})
        if given.get("reason"):
            self._message_log(body=given["reason"].strip())
        if after := getattr(self, f"_after_{name}", None):
            after()

    # -- guards, and what each move writes ---------------------------------------------

    def _guard_dates(self, given):
        if not given["start"] or given["start"] < fields.Datetime.now():
            return [self.env._("Choose a new time that has not passed.")]
        return []

    def _prepare_open_vals(self, given):
        return {"opened_on": fields.Datetime.now()}

    def _prepare_end_vals(self, given):
        return {"ended_on": fields.Datetime.now()}

    def _prepare_close_vals(self, given):
        return {"closed_on": fields.Datetime.now(), "closed_by_id": self.env.uid}

    def _prepare_cancel_vals(self, given):
        return {"cancel_reason": given["reason"].strip()}

    def _prepare_postpone_vals(self, given):
        start = given["start"]
        return {
            "start": start,
            "stop": given["stop"] or start + (self.stop - self.start),
        }

    def _after_open(self):
        self._call_roll()
        self._sync_calendar_event()

    def _after_end(self):
        self.item_ids._settle()
        self._draft_minutes()

    def _after_cancel(self):
        self._sync_calendar_event()
