from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...rules import quorum, session_flow

# Only the session's methods write these fields: create, write, import and RPC refuse
# them.
KEPT_FIELDS = frozenset(
    ["decision_id", "outcome", "outcome_reason", "result_code", "session_state"]
)
# Fields that may be written by hand until the session ends.
HAND_FIELDS = frozenset(["sequence", "note"])


class SessionItem(models.Model):
    """A request on the agenda of a session, with its outcome there (R19).

    Among the sessions still to be held, a request is on the agenda of only one. If it
    is postponed, with a reason, it may go on a later agenda.

    :Who may: chair and secretary put requests on it, order them and add notes until
        the session ends; everybody who may read the session may read its agenda.
    """

    _name = "beneficiary.session.item"
    _inherit = ["beneficiary.sealed.part.mixin", "beneficiary.mixin"]
    _description = "Item of an Agenda"
    _order = "session_id, sequence, id"
    _rec_name = "request_id"
    _check_company_auto = True
    _sealed_fields = ("request_id", "decision_id", "note", "outcome", "outcome_reason")
    _sealed_whole = "session_id"

    session_id = fields.Many2one(
        "beneficiary.committee.session", required=True, index=True, ondelete="cascade"
    )
    session_state = fields.Selection(
        related="session_id.state", string="State of the Session", store=True
    )
    company_id = fields.Many2one(
        related="session_id.company_id", store=True, precompute=True, index=True
    )
    committee_id = fields.Many2one(related="session_id.committee_id")
    sequence = fields.Integer(default=10)
    request_id = fields.Many2one(
        "beneficiary.request",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('committee_id', '=', committee_id), ('state', '=', 'in_review')]",
    )
    decision_id = fields.Many2one(
        "beneficiary.decision",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    beneficiary_id = fields.Many2one(related="request_id.beneficiary_id")
    service_id = fields.Many2one(related="request_id.service_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_requested = fields.Monetary(related="request_id.amount_requested")
    reply_due_on = fields.Datetime(related="request_id.reply_due_on")
    decision_state = fields.Selection(
        related="decision_id.state", string="State of the Decision"
    )
    note = fields.Text(
        string="Notes of the Secretary", help="On the study sheet, and on its print."
    )
    outcome = fields.Selection(
        [
            ("decided", "Decided"),
            ("studied", "Studied, Not Decided"),
            ("undecided", "No Decision"),
            ("returned", "Returned for Completion"),
            ("postponed", "Postponed"),
            ("not_reached", "Not Reached"),
            ("settled_before", "Settled Before the Session"),
        ],
        string="What Came of It",
        readonly=True,
    )
    outcome_reason = fields.Text(string="Why Postponed", readonly=True)
    can_settle = fields.Boolean(
        compute="_compute_can_settle",
        help="Whether the acting user keeps the session, and has no interest here.",
    )
    # Code of the reason why the vote made no decision here. Hidden, because the study
    # is still open: members who have not voted yet must not learn how the vote stands.
    result_code = fields.Char(readonly=True, groups=fields.NO_ACCESS)

    _once = models.UniqueIndex(
        "(session_id, decision_id)", "This request is on the agenda already."
    )
    _one_open_agenda = models.UniqueIndex(
        "(decision_id) WHERE outcome IS NULL AND session_state IN ('planned', 'open')",
        "This request is on the agenda of another session that is still to be held. "
        "Postpone it there first.",
    )

    @api.depends("session_id.state", "decision_id")
    @api.depends_context("uid")
    def _compute_can_settle(self):
        for item in self:
            decision = item.decision_id.sudo()  # recused members may not read votes
            item.can_settle = item.session_id.can_keep and not decision._is_recused(
                self.env.user
            )

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_new(vals_list)
        for vals in vals_list:
            self._refuse_vals(KEPT_FIELDS & vals.keys())
        decisions = self._get_decisions(vals_list)
        for vals in vals_list:
            if vals.get("note"):
                self._check_no_interest(
                    self.env["beneficiary.decision"].browse(
                        decisions[vals["request_id"]]
                    )
                )
        items = self._without_defaults({*KEPT_FIELDS, "request_id", "note"})
        items = super(SessionItem, items).create(
            [
                {**vals, "decision_id": decisions[vals["request_id"]]}
                for vals in vals_list
            ]
        )
        # A new item may call a substitute. A session that is created together with its
        # agenda has no meeting yet, and invites everybody itself. As superuser: chair
        # and secretary may not write the attendance list.
        sessions = items.session_id.sudo().filtered("calendar_event_id")
        sessions._call_members()
        return items

    def write(self, vals):
        self._refuse_vals(vals.keys() - HAND_FIELDS)
        self._check_agendas_open(self.session_id)
        if "note" in vals:
            self._check_no_interest(self.decision_id)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if any(item.session_id.state != "planned" for item in self):
            raise UserError(
                self.env._(
                    "The agenda of a session that was opened stays as it is. Postpone "
                    "the request, with the reason."
                )
            )
        self._check_no_interest(self.decision_id)

    @api.model
    def _get_decisions(self, vals_list):
        """Return the id of the open decision of each request to be added.

        :raise UserError: unless each request is in review before the session's
            committee
        """
        # As superuser: a chair or secretary who is recused may not read the decision.
        sessions = self.env["beneficiary.committee.session"].sudo()
        decisions = (
            self.env["beneficiary.decision"]
            .sudo()
            .search(
                [
                    (
                        "request_id",
                        "in",
                        [vals.get("request_id") for vals in vals_list],
                    ),
                    ("request_id.state", "=", "in_review"),
                    ("state", "=", "open"),
                ]
            )
        )
        found = decisions.grouped(lambda decision: decision.request_id.id)
        default = self.env.context.get("default_session_id")
        for vals in vals_list:
            session = sessions.browse(vals.get("session_id", default))
            self._check_agendas_open(session)
            decision = found.get(vals.get("request_id"))
            if not decision or decision.committee_id != session.committee_id:
                raise UserError(
                    self.env._(
                        "Only a request in review before the session's own committee "
                        "goes on its agenda."
                    )
                )
        return {request: decision.id for request, decision in found.items()}

    @api.model
    def _refuse_vals(self, names):
        if names:
            raise UserError(
                self.env._(
                    "Only the order and the secretary's notes of an agenda item can "
                    "be changed by hand. Use its buttons."
                )
            )

    @api.model
    def _check_agendas_open(self, sessions):
        if set(sessions.mapped("state")) - session_flow.AGENDA_OPEN:
            raise UserError(
                self.env._("The session has ended: its agenda is not changed any more.")
            )

    @api.model
    def _check_no_interest(self, decisions):
        """Raise if the acting user is recused and so may write nothing on the item."""
        for decision in decisions.sudo():  # recused members may not read the votes
            if decision._is_recused(self.env.user):
                raise AccessError(
                    self.env._(
                        "You are recused from %(request)s: another keeper of the "
                        "session writes on it.",
                        request=decision.request_id.name,
                    )
                )

    # -- actions -----------------------------------------------------------------------

    def action_study(self):
        """Record that the committee studied these requests, in the open session."""
        self._check_may_settle()
        if any(item.session_id.state != "open" for item in self):
            raise UserError(self.env._("Open the session first."))
        if "undecided" in self.mapped("outcome"):
            raise UserError(
                self.env._(
                    "Its vote ended without a decision. This outcome cannot be changed."
                )
            )
        return self.sudo()._write_outcome("studied", False)

    def action_postpone(self, reason=None):
        """Postpone the study of these requests; they may go on a later agenda.

        :param reason: why, as written in the minutes
        """
        self._check_may_settle()
        for decision in self.decision_id:
            decision.action_postpone(reason)
        return True

    def action_open_decision(self):
        """Open the decision with its study sheet and the vote."""
        self.ensure_one()
        return self.decision_id.get_formview_action()

    def _check_may_settle(self):
        self.check_access("read")
        for session in self.session_id:
            session._check_role(session_flow.KEEPERS)
        self._check_agendas_open(self.session_id)
        self._check_no_interest(self.decision_id)
        if any(item.decision_id.sudo().state != "open" for item in self):
            raise UserError(self.env._("This request is decided, or was returned."))

    def _settle(self):
        """Record the outcome of each item at the end of the session."""
        results = {"taken": "decided", "withdrawn": "returned"}
        for item in self:
            outcome = results.get(item.decision_id.state)
            if outcome:
                if item._was_settled_before():
                    outcome = "settled_before"
                item._write_outcome(outcome, False)
            elif not item.outcome:
                item._write_outcome("not_reached", False)

    def _was_settled_before(self):
        """Whether the study ended before the session, for example in circulation."""
        decision = self.decision_id
        ended_on = decision.withdrawn_on or decision.decided_on
        return bool(ended_on) and ended_on < self.session_id.opened_on

    def _count_ahead(self):
        """Return how many of the votes on the decision were given ahead.

        Ballots of a committee that decides outside sessions too, and of decisions from
        before this was noted, say nothing: the attendance list answers for them.
        """
        self.ensure_one()
        present = self.session_id._get_present_users()
        absent = self.decision_id.vote_ids.user_id - present
        return len(
            self.decision_id._get_cast_votes().filtered(
                lambda vote: (
                    vote.place == quorum.AHEAD
                    or (not vote.place and vote.user_id in absent and vote._counts())
                )
            )
        )

    def _get_outcome_reason(self):
        """Return the reason, for the minutes, why nothing was decided, if any."""
        self.ensure_one()
        if self.outcome == "undecided":
            return self.decision_id._explain_undecided(self.result_code)
        return self.outcome_reason

    def _write_outcome(self, outcome, reason, result_code=False):
        """Write the outcome, without the checks of this model's own ``write``."""
        return super().write(
            {
                "outcome": outcome,
                "outcome_reason": reason,
                "result_code": result_code,
            }
        )
