from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules import session_flow

# Who reads sessions; officers read decisions that are taken, and no sessions.
READERS = (
    "beneficiary_relations.group_committee,"
    "beneficiary_relations.group_manager,"
    "beneficiary_relations.group_auditor"
)


class DecisionSession(models.Model):
    """In which session a decision is studied, and whether it has to be.

    A committee that decides in its sessions alone closes no vote outside one. Votes
    may be cast before.
    """

    _inherit = "beneficiary.decision"

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

    @api.depends("state", "leads", "session_item_ids.outcome")
    @api.depends_context("uid")
    def _compute_can_close(self):
        """Whether the acting user leads the study, and its vote may be closed now."""
        for decision in self:
            decision.can_close = (
                decision.state == "open"
                and decision.leads
                and decision.sudo()._may_be_closed()  # some do not read sessions
            )

    def _enter_session(self):
        """Take turns with the end of the session that studies it, and check that.

        The minutes say of a decision taken in a session that it was.
        """
        self.ensure_one()
        self._take_session_turns()
        self._check_session()

    def _take_session_turns(self):
        """Write to the open sessions that study these decisions before all else."""
        self.session_item_ids.session_id.filtered(
            lambda session: session.state == "open"
        )._take_turns()

    def _call_to_sessions(self):
        """Have the sessions that study these call who was given a ballot."""
        self.env["beneficiary.committee.session"].search(
            [
                ("state", "in", list(session_flow.AGENDA_OPEN)),
                ("item_ids.decision_id", "in", self.ids),
            ]
        )._call_members()

    def _check_session(self):
        """Raise where the vote may be closed in a session alone, and is in none."""
        self.ensure_one()
        if not self._may_be_closed():
            raise UserError(
                self.env._(
                    "This committee decides in its sessions alone. Put the request on "
                    "the agenda of a session, and close the vote while it is open."
                )
            )

    def _may_be_closed(self):
        """Whether the vote may be closed where the study is now: a committee that
        decides in its sessions alone is in one that has the request before it."""
        return self.committee_id.circular or bool(self._get_items_in_session())

    def _get_items_in_session(self):
        """Return the places on the agenda of an open session that has it before it."""
        return self.session_item_ids.filtered(
            lambda item: item.session_state == "open" and item.outcome != "postponed"
        )

    def _escalate(self, result):
        """The session in which the vote was closed has studied it, and says so."""
        items = self._get_items_in_session()
        items._write_outcome("undecided", False, result.code)
        return super()._escalate(result)

    def _put_off(self, reason):
        """What is put off is off the agenda of the session that was to study it."""
        result = super()._put_off(reason)
        waiting = self.session_item_ids.filtered(
            lambda item: item.session_state in session_flow.AGENDA_OPEN
        )
        waiting._write_outcome("postponed", reason.strip())
        return result
