from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain

from ...rules import quorum
from ...rules.flow import VOTE as ACTIVITY


class Vote(models.Model):
    """A member's personal ballot on one decision, hidden from others until they vote.

    :Who may: the member casts it through the decision's method; the other members
        read it once they have voted and are not recused; managers and auditors once
        the decision is taken.
    """

    _name = "beneficiary.vote"
    _inherit = [
        "beneficiary.whole.mixin",
        "beneficiary.sealed.part.mixin",
        "beneficiary.mixin",
    ]
    _description = "Vote"
    _order = "decision_id, id"
    _rec_name = "user_id"
    _check_company_auto = True
    _sealed_fields = ("user_id", "is_chair", "choice", "reason", "voted_on", "place")
    _sealed_whole = "decision_id"

    decision_id = fields.Many2one(
        "beneficiary.decision", required=True, index=True, ondelete="cascade"
    )
    request_id = fields.Many2one(
        related="decision_id.request_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="decision_id.company_id", store=True, precompute=True
    )
    beneficiary_id = fields.Many2one(related="request_id.beneficiary_id")
    service_id = fields.Many2one(related="request_id.service_id")
    amount_requested = fields.Monetary(related="request_id.amount_requested")
    currency_id = fields.Many2one(related="company_id.currency_id")
    reply_due_on = fields.Datetime(related="request_id.reply_due_on")
    decision_state = fields.Selection(
        related="decision_id.state", string="State of the Decision"
    )
    member_id = fields.Many2one(
        "beneficiary.committee.member", required=True, index=True, ondelete="restrict"
    )
    # The member when the ballot was made; the seat may belong to another one later.
    user_id = fields.Many2one("res.users", required=True, index=True)
    is_chair = fields.Boolean(string="Chair")
    choice = fields.Selection(
        [
            ("accept", "Accept"),
            ("reject", "Reject"),
            ("abstain", "Abstain"),
            ("recused", "Recused"),
        ]
    )
    reason = fields.Text()
    voted_on = fields.Datetime()
    place = fields.Selection(
        [
            (quorum.PRESENT, "In the Session"),
            (quorum.AHEAD, "Voted Ahead"),
            (quorum.AWAY, "Absent, Not Counted"),
        ],
        string="How It Counted",
        help="Where the member was when the vote was closed, if the committee decides "
        "only in its sessions.",
    )
    can_vote = fields.Boolean(compute="_compute_can_vote")

    _member_unique = models.Constraint(
        "UNIQUE (decision_id, member_id)", "A member has one vote in a decision."
    )
    _waiting = models.Index("(user_id, decision_id) WHERE choice IS NULL")

    @api.depends("choice", "decision_state")
    @api.depends_context("uid")
    def _compute_can_vote(self):
        """Whether this is the ballot that the acting member may fill in now."""
        for vote in self:
            decision = vote.decision_id.sudo()  # the user may not read all ballots
            vote.can_vote = vote == decision._get_open_vote(self.env.user)

    @api.model
    def _get_waiting_domain(self):
        """Return the domain of the ballots that wait for the acting user.

        A seat whose term has ended keeps its ballot, but is not asked to vote.
        """
        lasting = Domain("date_to", "=", False) | Domain("date_to", ">=", "today")
        return (
            Domain("user_id", "=", self.env.uid)
            & Domain("choice", "=", False)
            & Domain("decision_state", "=", "open")
            & Domain("member_id", "any!", lasting)
        )

    @api.model
    def _deal(self, vals_list):
        """Create ballots with these values, and ask the members to vote."""
        if not vals_list:
            return self
        votes = self.sudo().create(vals_list)  # officers may not write votes
        votes.filtered(lambda vote: not vote.choice)._ask(
            lambda env: env._("Your vote is asked")
        )
        return votes

    def _ask(self, summary):
        """Ask the members of these ballots to vote: on their screens and outside.

        :param summary: function that takes the environment of the member and returns
            the words
        """
        requests = self.request_id
        asked = {
            (activity.res_id, activity.user_id)
            for activity in requests.activity_search([ACTIVITY])
        }
        new = self.filtered(
            lambda vote: (vote.request_id.id, vote.user_id) not in asked
        )
        requests._schedule_activities(
            ACTIVITY, [(vote.request_id, vote.user_id, summary) for vote in new]
        )
        describe = {
            decision: partial(decision._get_news, get_title=summary)
            for decision in new.decision_id
        }
        for company, votes in new.grouped("company_id").items():
            self.env["beneficiary.member.news"]._tell(
                company, [(vote.user_id, describe[vote.decision_id]) for vote in votes]
            )

    def _ask_anew(self, summary):
        """Ask these members again, because what they vote on has changed."""
        self.request_id.activity_unlink([ACTIVITY])
        self._ask(summary)

    def _end_asking(self):
        """Delete the activities for votes that would not count: the member has left."""
        open_votes = self.filtered(lambda vote: not vote.choice)
        counted = open_votes.filtered(lambda vote: vote._counts())
        # A member who took a new seat is still asked for the vote of that seat.
        gone = {(vote.request_id.id, vote.user_id) for vote in open_votes - counted} - {
            (vote.request_id.id, vote.user_id) for vote in counted
        }
        if gone:
            self.request_id.activity_search([ACTIVITY]).filtered(
                lambda activity: (activity.res_id, activity.user_id) in gone
            ).unlink()

    def _counts(self):
        """Whether the ballot belongs to the base: its member is in office today."""
        self.ensure_one()
        committee = self.member_id.sudo().committee_id  # its name is no secret
        return self.member_id in committee._get_members_in_office()

    def _keep(self, why):
        """Keep a copy of these votes, which will count no more.

        :param why: as in ``beneficiary.past.vote``
        """
        self.env["beneficiary.past.vote"].sudo().create(  # nobody may write them
            [
                {
                    "decision_id": vote.decision_id.id,
                    "user_id": vote.user_id.id,
                    "choice": vote.choice,
                    "reason": vote.reason,
                    "voted_on": vote.voted_on,
                    "ended_on": fields.Datetime.now(),
                    "why": why,
                }
                for vote in self
            ]
        )

    def _write_choice(self, choice, reason):
        """Fill in this ballot, and delete the activity that asked for the vote.

        From now on its member may read the other ballots, but not if recused. A vote
        that was cast before stays on record.
        """
        self.ensure_one()
        if self.choice in quorum.CAST:
            self._keep("recused" if choice == "recused" else "changed")
        self.write(
            {"choice": choice, "reason": reason, "voted_on": fields.Datetime.now()}
        )
        self.request_id.activity_unlink([ACTIVITY], user_id=self.user_id.id)

    def action_open_decision(self):
        """Open the decision, which a member studies before voting."""
        self.ensure_one()
        return self.decision_id.get_formview_action()

    def action_open_vote(self):
        """Open the small form on which a member votes."""
        self.ensure_one()
        return self.decision_id.action_open_vote()
