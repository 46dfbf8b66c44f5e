from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..rules import flow, quorum


class Decision(models.Model):
    """The committee's decision on one round of a request (R19, R23).

    Opened when the request is raised, with a ballot for every member in office.

    :Who may: members of the committee vote; its chair or secretary closes the vote.
        Written through methods alone. The applicant reads the outcome once the reply
        has been released, never before.
    :States: open -> taken; withdrawn when the request is returned or cancelled first.
    """

    _name = "beneficiary.decision"
    _inherit = ["beneficiary.mixin"]
    _description = "Committee Decision"
    _order = "id desc"
    _rec_name = "request_id"
    _check_company_auto = True

    request_id = fields.Many2one(
        "beneficiary.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    committee_id = fields.Many2one(
        "beneficiary.committee", required=True, index=True, ondelete="restrict"
    )
    round = fields.Integer(required=True)
    # What members study, on one page with their vote.
    beneficiary_id = fields.Many2one(related="request_id.beneficiary_id")
    service_id = fields.Many2one(related="request_id.service_id")
    description = fields.Text(related="request_id.description")
    amount_requested = fields.Monetary(related="request_id.amount_requested")
    answer_ids = fields.One2many(related="request_id.answer_ids")
    document_ids = fields.Many2many(
        related="request_id.document_ids", related_sudo=False
    )
    referral_ids = fields.One2many(related="request_id.referral_ids")
    review_floor_on = fields.Datetime(related="request_id.review_floor_on")
    reply_due_on = fields.Datetime(related="request_id.reply_due_on")
    state = fields.Selection(
        [("open", "Open"), ("taken", "Taken"), ("withdrawn", "Withdrawn")],
        default="open",
        required=True,
    )
    vote_ids = fields.One2many("beneficiary.vote", "decision_id", string="Votes")
    voter_ids = fields.Many2many(
        "res.users",
        "beneficiary_decision_voter_rel",
        string="Have Voted",
        help="Members who cast a vote, and so may see those of others.",
    )
    outcome = fields.Selection([("accepted", "Accepted"), ("rejected", "Rejected")])
    amount_granted = fields.Monetary()
    reason = fields.Text(string="Reason the beneficiary will read")
    decided_on = fields.Datetime()
    closed_by_id = fields.Many2one("res.users")
    result_code = fields.Char()
    base_count = fields.Integer(string="In Office and Not Recused")
    needed_count = fields.Integer(string="Quorum")
    accept_count = fields.Integer(string="For")
    reject_count = fields.Integer(string="Against")
    abstain_count = fields.Integer(string="Abstained")
    explanation = fields.Char(compute="_compute_explanation")

    _round_unique = models.UniqueIndex(
        "(request_id, round) WHERE state != 'withdrawn'",
        "The committee already studies this round of the request.",
    )

    @api.depends("result_code")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for decision in self:
            decision.explanation = decision.result_code and self._explain(
                decision.result_code,
                accept=decision.accept_count,
                reject=decision.reject_count,
                abstain=decision.abstain_count,
                needed=decision.needed_count,
                base=decision.base_count,
            )

    @api.model
    def _explain(self, code, **counts):
        """Return one sentence on why the vote came out as it did.

        :param code: code of :class:`rules.quorum.Result`
        :param counts: its figures
        """
        sentences = {
            "majority": self.env._(
                "Decided by majority: %(accept)s for, %(reject)s against, %(abstain)s "
                "abstained; %(needed)s of %(base)s had to be present."
            ),
            "casting_vote": self.env._(
                "A tie of %(accept)s to %(reject)s, decided by the chair's vote; "
                "%(needed)s of %(base)s had to be present."
            ),
            "threshold_reached": self.env._(
                "The required share of votes was reached: %(accept)s for, %(reject)s "
                "against; %(needed)s of %(base)s had to be present."
            ),
            "threshold_missed": self.env._(
                "The required share of votes was not reached: %(accept)s for, "
                "%(reject)s against; %(needed)s of %(base)s had to be present."
            ),
            "no_quorum": self.env._(
                "No quorum: at least %(needed)s of %(base)s members must vote."
            ),
            "nothing_cast": self.env._(
                "Every member present abstained: there is no decision."
            ),
            "tie_without_casting_vote": self.env._(
                "A tie of %(accept)s to %(reject)s, and the chair cast no vote: there "
                "is no decision."
            ),
        }
        return sentences[code] % counts

    # -- life --------------------------------------------------------------------------

    @api.model
    def _open(self, requests):
        """Begin the study of ``requests``: a ballot for every member in office."""
        decisions = self.sudo().create(  # officers raise, and do not write decisions
            [
                {
                    "request_id": request.id,
                    "committee_id": request.committee_id.id,
                    "round": request.round,
                }
                for request in requests
            ]
        )
        self.env["beneficiary.vote"]._deal(decisions)
        return decisions

    def _withdraw(self):
        """End the study without a decision: the request left the committee."""
        decisions = self.filtered(lambda decision: decision.state != "withdrawn")
        decisions.write({"state": "withdrawn"})
        decisions.request_id.activity_unlink(
            ["beneficiary_relations.mail_activity_type_vote"]
        )

    def _update_ballots(self):
        """Bring the ballots of open studies up to who sits in the committee today."""
        # Ballots are dealt by the addon: who seats members does not read them.
        decisions = self.sudo().filtered(lambda decision: decision.state == "open")
        self.env["beneficiary.vote"]._deal(decisions)
        for vote in decisions.vote_ids:
            if vote.is_chair != (vote.member_id.role == "chair"):
                vote.is_chair = not vote.is_chair

    def _get_result(self):
        """Return the result of the votes as they stand (R19).

        The base is who is in office now, with the role of now, whenever they came.
        """
        self.ensure_one()
        self._update_ballots()
        ballots = [
            quorum.Ballot(vote.choice or None, vote.is_chair)
            for vote in self.vote_ids
            if vote._counts()
        ]
        return quorum.decide(ballots, self.committee_id._get_rule())

    @api.model
    def _get_counts(self, result):
        return {
            "accept": result.accept,
            "reject": result.reject,
            "abstain": result.abstain,
            "needed": result.needed,
            "base": result.base,
        }

    # -- actions -----------------------------------------------------------------------

    def action_view_request(self):
        self.ensure_one()
        return self.request_id.get_formview_action()

    def action_vote(self, choice, reason=None):
        """Cast, or change, the acting member's own vote.

        :param choice: accept, reject, abstain or recused
        :param reason: needed to reject and to step aside
        """
        self.check_access("read")
        for decision in self:
            # Which ballot is the member's own is checked there.
            decision.sudo().vote_ids._cast(decision, choice, reason)
        return True

    def action_close_vote(self, reason=None):
        """Close the vote: the outcome stands and the reply is held (R19, R21).

        Where the votes make no decision, nothing is decided: the managers are told,
        and the sentence that explains it is shown.

        :param reason: what the applicant will read; needed to reject (R23)
        """
        self.ensure_one()
        self.check_access("read")
        self.request_id._check_role(frozenset([flow.COMMITTEE]))
        decision = self.sudo()  # all votes count, also those one may not see
        decision.lock_for_update()
        decision.invalidate_recordset()
        if decision.state != "open":
            raise UserError(self.env._("This vote was already closed."))
        decision._check_has_voted()
        result = decision._get_result()
        if not result.outcome:
            return decision._escalate(result)
        if result.outcome == "rejected" and not (reason or "").strip():
            raise UserError(
                self.env._(
                    "Write the reason of the rejection, as the applicant reads it."
                )
            )
        decision.write(
            {
                "state": "taken",
                "outcome": result.outcome,
                "amount_granted": result.outcome == "accepted"
                and decision.request_id.amount_requested,
                "reason": reason,
                "decided_on": fields.Datetime.now(),
                "closed_by_id": self.env.uid,
                "result_code": result.code,
                "base_count": result.base,
                "needed_count": result.needed,
                "accept_count": result.accept,
                "reject_count": result.reject,
                "abstain_count": result.abstain,
            }
        )
        decision.request_id._move("decide")
        return True

    def _check_has_voted(self):
        """Raise unless who closes the vote may know how it stands.

        The attempt alone tells the outcome: closing is for who has cast a vote, or
        has no ballot at all (a seat taken after the study began).
        """
        own_vote = self.vote_ids.filtered(lambda vote: vote.user_id == self.env.user)
        if own_vote.choice == "recused":
            raise AccessError(
                self.env._("You are recused from this request, and have no vote.")
            )
        if own_vote and not own_vote.choice:
            raise UserError(
                self.env._("Cast your own vote first, then close the vote.")
            )

    def _escalate(self, result):
        """Tell the managers, once, that the committee cannot decide.

        Only who closes the vote is told the figures.
        """
        sentence = self._explain(result.code, **self._get_counts(result))
        request = self.request_id
        summary = self.env._("The committee could not decide")
        told = request.activity_ids.filtered(
            lambda activity: activity.summary == summary
        ).user_id
        request._schedule_activities(
            "beneficiary_relations.mail_activity_type_late",
            [(request, user, summary) for user in request._get_manager_users() - told],
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "warning", "message": sentence, "sticky": True},
        }
