from dataclasses import replace

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
    session, and those present in it decide. Whether the vote of an absent member counts
    is a setting of the committee, as it was when the session was opened.
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
    needs_presence = fields.Boolean(
        compute="_compute_needs_presence",
        compute_sudo=True,  # of every reader of the decision
        help="Whether a vote counts only if its member is present in the session.",
    )
    ahead_count = fields.Integer(string="Voted Ahead")

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

    @api.depends("committee_id.circular", "committee_id.votes_ahead")
    def _compute_needs_presence(self):
        for decision in self:
            committee = decision.committee_id
            decision.needs_presence = not (committee.circular or committee.votes_ahead)

    def _enter_session(self):
        """Serialise with the end of the session, then check that the vote may close.

        See :meth:`_take_turns` of the session. Without it, the minutes of a session
        that ends at this moment could miss a decision that was taken in it.
        """
        self.ensure_one()
        self._take_session_turns()
        self._check_session()
        if session := self._get_deciding_session():
            session._refuse(session._guard_attendance({}))

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

    # -- who is present ----------------------------------------------------------------

    def _get_deciding_session(self):
        """Return the session whose presence decides; empty if presence is not needed.

        A committee that decides outside sessions too counts every vote.
        """
        sessions = self._get_items_in_session().session_id
        return sessions.browse() if self.committee_id.circular else sessions

    def _get_ballots(self):
        ballots = super()._get_ballots()
        session = self._get_deciding_session()
        if not session:
            return ballots
        present = session._get_present_users()
        return {
            vote: replace(
                ballot,
                is_present=vote.user_id in present,
                is_substitute=vote.member_id.role == "substitute",
            )
            for vote, ballot in ballots.items()
        }

    def _counts_ahead(self):
        """Whether a vote counts whose member is not in the session that decides."""
        return self._get_deciding_session().counts_ahead

    def _prepare_counts(self, result):
        """Add how many voted ahead, and note on each ballot how it counted."""
        if self._get_deciding_session():
            counts_ahead = self._counts_ahead()
            places = {
                vote: ballot.get_place(counts_ahead)
                for vote, ballot in self._get_ballots().items()
                if vote in self._get_cast_votes()
            }
            for place, votes in self._get_cast_votes().grouped(places.get).items():
                votes.place = place
        return {**super()._prepare_counts(result), "ahead_count": result.ahead}

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
