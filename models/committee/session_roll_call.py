from dataclasses import replace

from odoo import api, fields, models

from ...rules import quorum, session_flow
from ..mixins.refusal import Problem


class SessionRoll(models.Model):
    """The members who were called to a session, and their attendance.

    The quorum shown here is computed by the same rule that decides: see
    ``rules/quorum.py``. Substitutes are called for single requests. They come and sign;
    on the list they fill the place of a member who is absent, but they vote only on
    those requests.
    """

    _inherit = "beneficiary.committee.session"

    attendance_ids = fields.One2many(
        "beneficiary.session.attendance",
        "session_id",
        readonly=True,
    )
    # The other figures follow from the attendance lines, which are sealed.
    quorum_needed = fields.Integer(
        string="Quorum at the End",
        readonly=True,
        copy=False,
        help="How many members made a quorum when the session ended, regardless of "
        "later changes of the committee's rule.",
        aggregator=None,
    )
    counts_ahead = fields.Boolean(
        readonly=True,
        copy=False,
        help="Whether votes given ahead by absent members count: the setting of the "
        "committee when the session was opened.",
    )
    present_count = fields.Integer(string="Present", compute="_compute_quorum")
    needed_count = fields.Integer(string="Quorum", compute="_compute_quorum")
    has_quorum = fields.Boolean(compute="_compute_quorum")
    quorum_sentence = fields.Char(
        string="Quorum of the Session", compute="_compute_quorum"
    )

    @api.depends("attendance_ids.status", "committee_id", "quorum_needed")
    @api.depends_context("lang")
    def _compute_quorum(self):
        called = self.filtered("attendance_ids")
        (self - called).update(
            {
                "present_count": 0,
                "needed_count": 0,
                "has_quorum": False,
                "quorum_sentence": False,
            }
        )
        for session in called:
            roll = session._get_roll()
            session.present_count = roll.present
            session.needed_count = roll.needed
            session.has_quorum = roll.has_quorum
            session.quorum_sentence = self.env._(
                "%(present)s of %(base)s members are present; %(needed)s make a "
                "quorum.",
                present=roll.present,
                base=roll.base,
                needed=roll.needed,
            )

    def _get_roll(self):
        """Return the presence of the members, as :class:`rules.quorum.Roll`."""
        self.ensure_one()
        ballots = [
            quorum.Ballot(
                None,
                is_present=line.status == "present",
                is_substitute=line.role == "substitute",
            )
            for line in self.attendance_ids
        ]
        rule = self.committee_id._get_rule()
        if self.quorum_needed:
            rule = replace(rule, quorum_type="number", quorum=self.quorum_needed)
        return quorum.call_roll(ballots, rule)

    def _get_present_users(self):
        """Return the users who are marked as present, substitutes too."""
        present = self.attendance_ids.filtered(lambda line: line.status == "present")
        return present.user_id

    def _get_called_seats(self):
        """Return the members in office, and the substitutes who have a ballot."""
        seats = self.committee_id._get_members_in_office()
        substitutes = seats.filtered(lambda seat: seat.role == "substitute")
        called = self.sudo().item_ids.decision_id.vote_ids.member_id
        return seats - (substitutes - called)

    def _call_members(self):
        """Update attendance lists and invitations to the members called by now.

        Open sessions get missing attendance lines. The meetings of planned and open
        sessions get the present members as invited people.
        """
        self.filtered(lambda session: session.state == "open")._call_roll()
        self.filtered(
            lambda session: session.state in session_flow.AGENDA_OPEN
        )._sync_calendar_event()

    def _call_roll(self):
        """Add unmarked attendance lines for called members who have none yet."""
        self.env["beneficiary.session.attendance"].create(
            [
                {
                    "session_id": session.id,
                    "member_id": seat.id,
                    "user_id": seat.user_id.id,
                    "role": seat.role,
                }
                for session in self
                for seat in session._get_called_seats()
                # A member who took another seat meanwhile is on the list only once.
                if seat.user_id not in session.attendance_ids.user_id
                and seat not in session.attendance_ids.member_id
            ]
        )

    def _get_decided_by_presence(self):
        """Return the decisions taken in this session by those present in it."""
        self.ensure_one()
        items = self.item_ids.filtered(
            lambda item: (
                item.outcome != "postponed"
                and item.decision_id.state == "taken"
                and not item._was_settled_before()
            )
        )
        return items.decision_id.filtered(
            lambda decision: any(decision.vote_ids.mapped("place"))
        )

    def _guard_attendance(self, given):
        unmarked = self.attendance_ids.filtered(lambda line: not line.status)
        if unmarked:
            return [
                Problem(
                    self.env._(
                        "Mark whether they were present: %(names)s.",
                        names=self._list_words(unmarked.user_id.sudo().mapped("name")),
                    ),
                    self,
                    "attendance_ids",
                )
            ]
        if "present" not in self.attendance_ids.mapped("status"):
            return [
                Problem(
                    self.env._(
                        "Nobody is marked as present, so no session was held. Mark who "
                        "was there."
                    ),
                    self,
                    "attendance_ids",
                )
            ]
        return []
