from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

# Choices that are given with a reason.
REASONED = {"reject", "recused"}


class Vote(models.Model):
    """A member's ballot on one decision: personal, and closed to others before theirs.

    :Who may: the member casts it through the decision's method; the other members
        read it once they have voted and are not recused; managers and auditors once
        the decision is taken.
    """

    _name = "beneficiary.vote"
    _inherit = ["beneficiary.mixin"]
    _description = "Vote"
    _order = "decision_id, id"
    _rec_name = "user_id"
    _check_company_auto = True

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
    # Who was in the seat when the vote was asked, whoever sits there later.
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

    _member_unique = models.Constraint(
        "UNIQUE (decision_id, member_id)", "A member has one vote in a decision."
    )
    _waiting = models.Index("(user_id, decision_id) WHERE choice IS NULL")

    @api.model
    def _deal(self, decisions):
        """Give every member in office a ballot who has none, and ask for the vote.

        Who has an interest is recused from the start: the applicant, and whoever
        verified the request or matched its papers (no role both verifies and votes).
        """
        seats = decisions.committee_id._get_members_in_office().grouped("committee_id")
        votes = self.sudo().create(  # officers raise, and do not write votes
            [
                {
                    "decision_id": decision.id,
                    "member_id": member.id,
                    "user_id": member.user_id.id,
                    "is_chair": member.role == "chair",
                    **decision.request_id._get_recusal_vals(member.user_id),
                }
                for decision in decisions
                for member in seats.get(decision.committee_id, ())
                if member not in decision.vote_ids.member_id
            ]
        )
        decisions.request_id._schedule_activities(
            "beneficiary_relations.mail_activity_type_vote",
            [
                (vote.request_id, vote.user_id, self.env._("Your vote is asked"))
                for vote in votes
                if not vote.choice
            ],
        )
        return votes

    def _counts(self):
        """Whether the ballot belongs to the base: its member is in office today."""
        self.ensure_one()
        today = self.company_id._get_beneficiary_today()
        return bool(
            self.member_id.filtered_domain(self.member_id._get_in_office_domain(today))
        )

    def _cast(self, decision, choice, reason):
        """Write the acting user's vote among these ballots of ``decision``."""
        vote = self.filtered(lambda vote: vote.user_id == self.env.user)
        if not vote or not vote._counts():
            raise AccessError(
                self.env._("Only members of the committee in office vote on a request.")
            )
        decision = decision.sudo()  # a member writes nothing but this vote
        decision.lock_for_update()
        decision.invalidate_recordset(["state"])
        if decision.state != "open":
            raise UserError(self.env._("This vote was already closed."))
        if vote.choice == "recused":
            raise AccessError(
                self.env._("You are recused from this request, and have no vote.")
            )
        if choice not in dict(self._fields["choice"].selection):
            raise UserError(self.env._("Accept, reject, abstain or step aside."))
        if choice in REASONED and not (reason or "").strip():
            raise UserError(self.env._("Write the reason of your vote."))
        vote.write(
            {"choice": choice, "reason": reason, "voted_on": fields.Datetime.now()}
        )
        if choice == "recused":
            decision.voter_ids = [Command.unlink(self.env.uid)]
        else:
            decision.voter_ids = [Command.link(self.env.uid)]
        decision.request_id.activity_feedback(
            ["beneficiary_relations.mail_activity_type_vote"], user_id=self.env.uid
        )

    def action_open_decision(self):
        """Open what a member studies before voting."""
        self.ensure_one()
        return self.decision_id.get_formview_action()

    def action_open_vote(self):
        """Open the small form on which a member votes."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Vote"),
            "res_model": "beneficiary.vote.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_decision_id": self.decision_id.id},
        }
