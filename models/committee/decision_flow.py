from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...rules import flow
from ...rules.evidence import says_nothing


class DecisionFlow(models.Model):
    """How the committee's vote becomes a decision (R19, R23).

    The chair or the secretary makes the proposal, postpones the study and closes the
    vote. Only the votes decide the outcome.
    """

    _inherit = "beneficiary.decision"

    outcome = fields.Selection([("accepted", "Accepted"), ("rejected", "Rejected")])
    grant = fields.Selection(
        [
            ("full", "In Full"),
            ("part", "In Part"),
            ("conditions", "With Conditions"),
            ("part_conditions", "In Part, With Conditions"),
        ],
        string="How It Was Accepted",
    )
    conditions = fields.Text(string="Conditions of the Acceptance")
    rejection_reason_id = fields.Many2one(
        "beneficiary.rejection.reason",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    reason = fields.Text(string="Reason the beneficiary will read")
    leads = fields.Boolean(compute="_compute_leads", help="Chair or secretary.")
    can_vote = fields.Boolean(compute="_compute_can_vote")
    postponed_on = fields.Datetime()
    postpone_reason = fields.Text(string="Why It Was Postponed")
    decided_on = fields.Datetime()
    closed_by_id = fields.Many2one("res.users", ondelete="restrict")
    result_code = fields.Char()
    majority = fields.Char(help="The rule by which the votes were counted.")
    base_count = fields.Integer(string="In Office and Not Recused", aggregator=None)
    needed_count = fields.Integer(string="Quorum", aggregator=None)
    accept_count = fields.Integer(string="For")
    reject_count = fields.Integer(string="Against")
    abstain_count = fields.Integer(string="Abstained")
    told = fields.Char(help="What the managers were told of this study.")
    explanation = fields.Char(compute="_compute_explanation")

    @api.depends("result_code")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for decision in self:
            decision.explanation = decision.result_code and " ".join(
                [
                    decision._explain_outcome(),
                    decision._explain_quorum(),
                    *self._explain_ahead(decision.ahead_count),
                ]
            )

    def _explain_outcome(self):
        """Return the sentence on this decision's votes, without its quorum."""
        self.ensure_one()
        return self._explain(
            self.result_code,
            self.majority,
            accept=self.accept_count,
            reject=self.reject_count,
            abstain=self.abstain_count,
        )

    def _explain_quorum(self):
        """Return the sentence on how many took part."""
        self.ensure_one()
        return self.env._(
            "%(present)s of %(base)s members took part; %(needed)s make a quorum.",
            present=self.accept_count + self.reject_count + self.abstain_count,
            base=self.base_count,
            needed=self.needed_count,
        )

    @api.model
    def _explain_ahead(self, count):
        """Return a list with the sentence on votes given ahead, if there are any."""
        if not count:
            return []
        return [self.env._("Voted ahead of the session: %(count)s.", count=count)]

    @api.model
    def _explain(self, code, majority, **counts):
        """Return one sentence that explains the result of the vote.

        :param code: code of :class:`rules.quorum.Result`
        :param majority: the majority rule, one of :data:`rules.quorum.MAJORITIES`
        :param counts: the figures of the result
        """
        sentences = {
            "majority": self.env._(
                "Decided by majority: %(accept)s for, %(reject)s against, %(abstain)s "
                "abstained."
            ),
            "casting_vote": self.env._(
                "A tie of %(accept)s to %(reject)s, decided by the chair's vote."
            ),
            "no_session_quorum": self.env._(
                "The session has no quorum: %(present)s of %(base)s members are "
                "present or voted ahead, and at least %(needed)s must be."
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
            "two_thirds_reached": self.env._(
                "Two thirds of the votes cast were needed and reached: %(accept)s for, "
                "%(reject)s against."
            ),
            "two_thirds_missed": self.env._(
                "Two thirds of the votes cast were needed and not reached: %(accept)s "
                "for, %(reject)s against."
            ),
            "all_reached": self.env._(
                "All votes cast had to be for, and were: %(accept)s for."
            ),
            "all_missed": self.env._(
                "All votes cast had to be for, and were not: %(accept)s for, "
                "%(reject)s against."
            ),
        }
        return sentences[code.replace("threshold", majority or "")] % counts

    @api.model
    def _explain_undecided(self, code):
        """Return why a vote made no decision, for readers who have yet to vote.

        The study goes on, and members vote before they see the votes of others. A
        missing quorum reveals nobody's vote. A sentence that all abstained, or that
        the chair cast no vote in a tie, would reveal votes: it is not shown.
        """
        if code in ("no_quorum", "no_session_quorum"):
            return self.env._("Too few members voted for a quorum.")
        return self.env._("The votes cast made no decision.")

    @api.depends("committee_id.member_ids")
    @api.depends_context("uid")
    def _compute_leads(self):
        for decision in self:
            roles = decision.request_id._get_roles()
            decision.leads = flow.COMMITTEE in roles

    @api.depends("state", "vote_ids.choice")
    @api.depends_context("uid")
    def _compute_can_vote(self):
        """Whether the acting member may cast or change their vote now."""
        user = self.env.user
        for decision in self:
            # As superuser: officers read decisions, but not ballots.
            decision.can_vote = bool(decision.sudo()._get_open_vote(user))

    def _get_open_vote(self, user):
        """Return the ballot that ``user`` may fill in now; empty if there is none."""
        vote = self._get_vote_of(user)
        if self.state != "open" or self._is_recused(user):
            return vote.browse()
        return vote.filtered(lambda vote: vote._counts())

    # -- actions -----------------------------------------------------------------------

    def action_postpone(self, reason=None):
        """Postpone the study: nothing is decided, and its time limit runs on.

        :param reason: why; kept, and shown in the minutes
        """
        decision = self._check_leads()
        if says_nothing(reason):
            raise UserError(self.env._("Write why the study is postponed."))
        decision._put_off(reason)
        return True

    def _put_off(self, reason):
        self.write({"postponed_on": fields.Datetime.now(), "postpone_reason": reason})
        self.request_id._message_log_batch(
            bodies={
                request.id: self.env._("The study was postponed.")
                for request in self.request_id
            }
        )

    def action_close_vote(self, reason=None, rejection_reason_id=None):
        """Close the vote: the outcome is final and the reply is held (R19, R21).

        If the votes make no decision, the vote stays open. The managers are told, and
        the acting user is shown a sentence that explains it.

        :param reason: reason that the applicant will read; needed to reject (R23)
        :param rejection_reason_id: id of a listed reason; needed to reject
        """
        decision = self._check_leads()
        decision._check_has_voted()
        decision._enter_session()
        result = decision._get_result()
        if not result.outcome:
            return decision._escalate(result)
        if result.outcome == "accepted":
            decision._check_amount(decision.amount_proposed)
        why = decision._get_rejection_reason(reason, rejection_reason_id)
        if result.outcome == "rejected" and not why:
            raise UserError(
                self.env._(
                    "Choose a reason of the rejection, and write it as the applicant "
                    "reads it."
                )
            )
        decision.write(
            {
                **decision._prepare_outcome(result.outcome, reason, why),
                **decision._prepare_counts(result),
            }
        )
        decision.request_id._move("decide")
        return True

    # -- checks ------------------------------------------------------------------------

    def _check_leads(self):
        """Return the open study as superuser, or raise unless the acting user leads it.

        As superuser, because all votes count, also those that the user may not see.
        """
        self.ensure_one()
        self._check_readable()
        decision = self.sudo()
        decision._take_turns()
        decision._update_ballots()
        if decision._is_recused(self.env.user):
            raise AccessError(
                self.env._("You are recused from this request, and have no vote.")
            )
        self.request_id._check_role(frozenset([flow.COMMITTEE]))
        decision._check_open()
        return decision

    def _check_has_voted(self):
        """Raise unless the acting leader has voted, or has no ballot.

        Trying to close a vote reveals its result. Only a leader who has voted, or who
        has no ballot (because the seat was taken after the study began), may try.
        """
        own_vote = self._get_vote_of(self.env.user)
        if own_vote and not own_vote.choice:
            raise UserError(
                self.env._("Cast your own vote first, then close the vote.")
            )

    def _get_rejection_reason(self, reason, rejection_reason_id):
        """Return the chosen listed reason, or nothing if the text is missing.

        Reasons of other associations cannot be chosen (R43).
        """
        reasons = self.env["beneficiary.rejection.reason"]
        if says_nothing(reason):
            return reasons
        known = rejection_reason_id if isinstance(rejection_reason_id, int) else None
        return (
            reasons.browse(known)
            .exists()
            .filtered(lambda why: why.active and why.company_id <= self.company_id)
        )

    # -- what is written ---------------------------------------------------------------

    def _prepare_outcome(self, outcome, reason, rejection_reason):
        self.ensure_one()
        vals = {
            "state": "taken",
            "outcome": outcome,
            "decided_on": fields.Datetime.now(),
            "closed_by_id": self.env.uid,
            "reason": reason,
        }
        if outcome == "rejected":
            return {**vals, "rejection_reason_id": rejection_reason.id}
        return {
            **vals,
            "grant": self._get_grant(),
            "amount_granted": self.amount_proposed,
            "conditions": self.conditions_proposed,
        }

    def _get_grant(self):
        """Return the kind of grant: in full, in part, with conditions, or both."""
        parts = []
        asked = self.amount_requested
        if self.currency_id.compare_amounts(self.amount_proposed, asked) < 0:
            parts.append("part")
        if (self.conditions_proposed or "").strip():
            parts.append("conditions")
        return "_".join(parts) or "full"

    def _prepare_counts(self, result):
        return {
            "result_code": result.code,
            "majority": self.committee_id.majority,
            "base_count": result.base,
            "needed_count": result.needed,
            "accept_count": result.accept,
            "reject_count": result.reject,
            "abstain_count": result.abstain,
        }

    def _escalate(self, result):
        """Tell the managers, once, that the committee cannot decide.

        Only the acting user, who closes the vote, is shown the figures.
        """
        sentence = self._explain(
            result.code,
            self.committee_id.majority,
            accept=result.accept,
            reject=result.reject,
            abstain=result.abstain,
            present=result.present,
            needed=result.needed,
            base=result.base,
        )
        self._tell_managers(
            "undecided", lambda env: env._("The committee could not decide")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": sentence,
                "sticky": True,
                # Close the form on which the vote was closed.
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _tell_managers(self, what, summary):
        """Plan, once, an activity for the managers to look at these studies.

        :param what: a code stored on the study, so that managers are told only once
        :param summary: function that takes the manager's environment and returns the
            text
        """
        news = self.filtered(lambda decision: what not in decision._get_told())
        requests = news.request_id
        requests._tell_late(
            [
                (request, user)
                for request in requests
                for user in request._get_manager_users()
            ],
            summary,
        )
        for decision in news:
            decision.told = f"{decision.told or ''} {what}"

    def _forget_told(self, what):
        for decision in self:
            codes = decision._get_told()
            if what in codes:
                decision.told = " ".join(code for code in codes if code != what)

    def _get_told(self):
        """Return the codes of :meth:`_tell_managers` that are stored on the study."""
        return (self.told or "").split()
