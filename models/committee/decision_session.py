from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules import session_flow

# Groups that may read sessions. Officers may not: they read only taken decisions.
READERS = (
    "beneficiary_relations.group_committee,"
    "beneficiary_relations.group_manager,"
    "beneficiary_relations.group_auditor"
)


class DecisionSession(models.Model):
    """The session in which a decision is studied, and whether one is needed.

    A committee may decide only in its sessions. Then a vote is closed only in a
    session; the votes may be cast before.
    """

    _inherit = "beneficiary.decision"
    _next_depends = ("state", "vote_ids.choice", "session_item_ids.outcome")

    session_item_ids = fields.One2many(
        "beneficiary.session.item",
        "decision_id",
        string="On Agendas",
        readonly=True,
        groups=READERS,
    )
    session_id = fields.Many2one(
        "beneficiary.committee.session",
        string="Studied In",
        compute="_compute_session_id",
        groups=READERS,
        help="The latest session on whose agenda the request is.",
    )

    can_close = fields.Boolean(compute="_compute_can_close")

    @api.depends("session_item_ids.session_id")
    def _compute_session_id(self):
        for decision in self:
            decision.session_id = decision.session_item_ids.sorted("id")[-1:].session_id

    def _get_next_step(self):
        # As superuser: officers read decisions, but not ballots.
        vote = self.can_vote and self.sudo()._get_open_vote(self.env.user)
        if vote and not vote.choice:
            return "vote"
        return self.can_close and not self.shortage and "close"

    @api.depends("state", "leads", "session_item_ids.outcome")
    @api.depends_context("uid")
    def _compute_can_close(self):
        """Whether the acting user leads the study, and its vote may be closed now."""
        for decision in self:
            decision.can_close = (
                decision.state == "open"
                and decision.leads
                and decision.sudo()._may_be_closed()  # some may not read sessions
            )

    def _enter_session(self):
        """Serialise with the end of the session, then check that the vote may close.

        See :meth:`_take_turns` of the session. Without it, the minutes of a session
        that ends at this moment could miss a decision that was taken in it.
        """
        self.ensure_one()
        self._take_session_turns()
        self._check_session()

    def _take_session_turns(self):
        """Serialise with the end of the open sessions that study these decisions."""
        self.session_item_ids.session_id.filtered(
            lambda session: session.state == "open"
        )._take_turns()

    def _call_to_sessions(self):
        """Call members with a new ballot to the sessions that study these decisions."""
        self.env["beneficiary.committee.session"].search(
            [
                ("state", "in", list(session_flow.AGENDA_OPEN)),
                ("item_ids.decision_id", "in", self.ids),
            ]
        )._call_members()

    def _check_session(self):
        """Raise if the vote may only be closed in a session, and is in none."""
        self.ensure_one()
        if not self._may_be_closed():
            raise UserError(
                self.env._(
                    "This committee decides only in its sessions. Put the request on "
                    "the agenda of a session, and close the vote while it is open."
                )
            )

    def _may_be_closed(self):
        """Whether the vote may be closed now.

        If the committee decides only in its sessions, the request must be on the agenda
        of an open session and not postponed there.
        """
        return self.committee_id.circular or bool(self._get_items_in_session())

    def _get_items_in_session(self):
        """Return the agenda items of this decision in an open session."""
        return self.session_item_ids.filtered(
            lambda item: item.session_state == "open" and item.outcome != "postponed"
        )

    def _escalate(self, result):
        """Record on the agenda of the open session that the vote was undecided."""
        items = self._get_items_in_session()
        items._write_outcome("undecided", False, result.code)
        return super()._escalate(result)

    def _put_off(self, reason):
        """Mark the agenda items of the postponed decision as postponed."""
        result = super()._put_off(reason)
        waiting = self.session_item_ids.filtered(
            lambda item: item.session_state in session_flow.AGENDA_OPEN
        )
        waiting._write_outcome("postponed", reason.strip())
        return result
