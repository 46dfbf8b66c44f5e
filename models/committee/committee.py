from dataclasses import dataclass
from datetime import date

from odoo import api, fields, models
from odoo.tools import ormcache

from ...rules import flow, quorum


@dataclass(frozen=True)
class Seat:
    """A seat whose member has an active account, as every move of a request asks."""

    id: int
    user_id: int
    role: str
    date_from: date | bool
    date_to: date | bool

    def is_in_office(self, day):
        """Whether the term includes ``day``."""
        return (not self.date_from or self.date_from <= day) and (
            not self.date_to or self.date_to >= day
        )


class Committee(models.Model):
    """A research committee: its members, quorum and majority.

    Managers edit committees; members read their own, other staff all of their
    association's. Quorum and majority are a setting of the association, not part of
    the board's frozen policy. The notes on the committee show their earlier values.
    """

    _name = "beneficiary.committee"
    _inherit = [
        "beneficiary.kept.name.mixin",
        "beneficiary.archive.mixin",
        "beneficiary.mixin",
        "beneficiary.thread.mixin",
    ]
    _description = "Research Committee"
    _is_short_list = True
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    member_ids = fields.One2many(
        "beneficiary.committee.member", "committee_id", string="Members"
    )
    quorum_type = fields.Selection(
        [("number", "Number of Members"), ("share", "Share of Members")],
        required=True,
        default="share",
        tracking=True,
    )
    quorum = fields.Integer(
        required=True,
        default=51,
        tracking=True,
        help="A number of members (at least 2), or a percentage of the members in "
        "office who are not recused.",
        aggregator=None,
    )
    majority = fields.Selection(
        [
            ("simple", "More Than Half"),
            ("two_thirds", "Two Thirds"),
            ("all", "All"),
        ],
        required=True,
        default="simple",
        tracking=True,
    )
    circular = fields.Boolean(
        string="Decides Outside Sessions",
        default=True,
        tracking=True,
        help="Otherwise a vote is closed only while a session is open that has the "
        "request on its agenda, and those present in it decide.",
    )
    votes_ahead = fields.Boolean(
        string="Members May Vote Ahead",
        tracking=True,
        help="Whether the vote of a member who is absent from the session counts. The "
        "minutes then say how many voted ahead.",
    )
    session_count = fields.Integer(string="Sessions", compute="_compute_session_count")
    appeal_committee_id = fields.Many2one(
        "beneficiary.committee",
        string="Studies Appeals",
        check_company=True,
        index="btree_not_null",
        tracking=True,
        domain="[('id', '!=', id)]",
        help="Another committee, for appeals against the decisions of this one. Empty: "
        "those of its own members who did not vote on the decision.",
    )
    active = fields.Boolean(default=True)

    _quorum_in_range = models.Constraint(
        "CHECK (CASE quorum_type WHEN 'number' THEN quorum >= 2"
        " ELSE quorum BETWEEN 1 AND 100 END)",
        "A quorum is at least two members, or a share between 1 and 100 percent.",
    )

    def _get_archive_problems(self):
        problems = self._get_open_request_problems([("committee_id", "=", self.id)])
        services = self.env["beneficiary.service"].search(
            [("committee_id", "=", self.id)]
        )
        if services:
            problems.append(
                self.env._(
                    "These services send their requests to it: %(services)s. Give "
                    "them another committee first.",
                    services=self._list_words(services.mapped("name")),
                )
            )
        return problems

    def _get_rule(self):
        """Return the quorum and majority as :class:`rules.quorum.Rule`."""
        self.ensure_one()
        return quorum.Rule(self.quorum_type, self.quorum, self.majority)

    def _get_seat_roles(self, user):
        """Return the roles of :mod:`rules.flow` that seats in office give ``user``.

        The roles are no secret: they are also read for users who may not read
        committees.
        """
        seats = self._get_seats_in_office()
        held = {seat.role for seat in seats if seat.user_id == user.id}
        roles = {flow.CHAIR} if "chair" in held else set()
        return roles | ({flow.COMMITTEE} if held & {"chair", "secretary"} else set())

    def _get_members_in_office(self):
        """Return the members whose term includes the association's today."""
        return self.env["beneficiary.committee.member"].browse(
            [seat.id for seat in self._get_seats_in_office()]
        )

    def _get_seats_in_office(self):
        """Return the seats, as :class:`Seat`, whose term includes today."""
        in_office = []
        for committee_id in self.ids:
            company_id, seats = self._get_seats(committee_id)
            today = self.env["res.company"].browse(company_id)._get_beneficiary_today()
            in_office += [seat for seat in seats if seat.is_in_office(today)]
        return in_office

    @api.model
    @ormcache("committee_id")
    def _get_seats(self, committee_id):
        """Return the association of a committee, and its seats in their order.

        Every change of a seat, or of whether an account is active, clears the cache.

        :return: ``(id of the company, tuple of Seat)``
        """
        committee = self.sudo().browse(committee_id)  # the roles are no secret
        seats = committee.env["beneficiary.committee.member"].search(
            [("committee_id", "=", committee_id), ("user_id.active", "=", True)]
        )
        return committee.company_id.id, tuple(seat._get_seat() for seat in seats)

    # -- sessions ----------------------------------------------------------------------

    @api.depends_context("uid")
    def _compute_session_count(self):
        sessions = self.env["beneficiary.committee.session"]
        counts = {}
        if sessions.has_access("read"):  # other staff may read only the committee
            counts = dict(
                sessions._read_group(
                    [("committee_id", "in", self.ids)], ["committee_id"], ["__count"]
                )
            )
        for committee in self:
            committee.session_count = counts.get(committee._origin, 0)

    def action_view_sessions(self):
        """Open the sessions of this committee."""
        self.ensure_one()
        self.check_access("read")
        self.env["beneficiary.committee.session"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.committee_session_action"
        )
        action["domain"] = [("committee_id", "=", self.id)]
        action["context"] = {"default_committee_id": self.id}
        return action
