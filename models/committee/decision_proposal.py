from odoo import fields, models
from odoo.exceptions import UserError

from ...rules import proposal
from ...rules.evidence import says_nothing


class DecisionProposal(models.Model):
    """What the committee votes on, and how it changes (R19).

    A change clears the votes that were cast: they were cast on something else. They
    stay on record, and members are told the old and the new amount.
    """

    _inherit = "beneficiary.decision"

    conditions_proposed = fields.Text(
        string="Proposed Conditions", help="As the applicant will read them."
    )
    proposal_ids = fields.One2many(
        "beneficiary.proposal", "decision_id", string="Changes of the Proposal"
    )
    past_vote_ids = fields.One2many(
        "beneficiary.past.vote", "decision_id", string="Earlier Votes"
    )

    def action_propose(self, amount=None, conditions=None, reason=None):
        """Change the proposal. Votes already cast are cleared and asked for again.

        :param amount: in the association's currency; None leaves it unchanged
        :param conditions: as the applicant will read them; None leaves them unchanged
        :param reason: why; needed if :meth:`_get_proposal_questions` asks for it
        :raise UserError: if the amount makes no sense, or the reason is missing
        """
        decision = self._check_leads()
        decision._check_input(conditions=conditions, reason=reason)
        if amount is None:
            amount = decision.amount_proposed
        if conditions is None:
            conditions = decision.conditions_proposed
        decision._check_amount(amount)
        if not decision._is_another_proposal(amount, conditions):
            return True
        reason = "" if says_nothing(reason) else reason.strip()
        questions = decision._get_proposal_questions(amount)
        if questions and not reason:
            raise UserError("\n".join(questions))
        decision._change_proposal(amount, conditions, reason)
        decision._clear_votes()
        return True

    def _is_another_proposal(self, amount, conditions):
        """Whether the values differ from the present proposal."""
        return bool(
            self.currency_id.compare_amounts(amount, self.amount_proposed)
            or (conditions or "") != (self.conditions_proposed or "")
        )

    def _check_amount(self, amount):
        """Raise unless this amount can be proposed: RPC may send anything."""
        if (
            isinstance(amount, bool)
            or not isinstance(amount, (int, float))
            or not 0 <= amount < float("inf")
        ):
            raise UserError(self.env._("Propose an amount that is not negative."))
        proposed = self.currency_id.round(amount)
        if proposal.doubt(self.amount_requested, proposed) == "nothing":
            raise UserError(
                self.env._(
                    "Propose an amount above zero. Whoever would grant nothing votes "
                    "to reject the request."
                )
            )

    def _get_proposal_questions(self, amount):
        """Return, as sentences, why a new proposal needs a reason; often none.

        :param amount: the new amount; the present one if only the conditions change
        """
        self.ensure_one()
        questions = []
        is_new = self.currency_id.compare_amounts(amount, self.amount_proposed)
        if is_new and proposal.doubt(self.amount_requested, amount) == "far":
            questions.append(
                self.env._(
                    "%(asked)s was asked for, and %(proposed)s is proposed. Correct "
                    "the amount, or write why it is so much.",
                    asked=self.currency_id.format(self.amount_requested),
                    proposed=self.currency_id.format(amount),
                )
            )
        if self._has_seen_votes():
            questions.append(
                self.env._(
                    "You have seen how others voted: write why the proposal changes "
                    "now."
                )
            )
        return questions

    def _has_seen_votes(self):
        """Whether the acting user may have read votes of others on this proposal."""
        own = self._get_vote_of(self.env.user)
        cast = self.sudo()._get_cast_votes()  # also those that the user may not read
        return own in cast and cast != own

    def _change_proposal(self, amount, conditions, reason):
        """Write the new proposal, keep the old one, and note both on the request."""
        self.env["beneficiary.proposal"].create(
            {
                "decision_id": self.id,
                "amount_before": self.amount_proposed,
                "amount": amount,
                "conditions_before": self.conditions_proposed,
                "conditions": conditions,
                "reason": reason,
                "proposed_by_id": self.env.uid,
                "proposed_on": fields.Datetime.now(),
            }
        )
        self.write({"amount_proposed": amount, "conditions_proposed": conditions})
        sentence = self._describe_last_proposal(self.env)
        self.request_id._message_log(body=" ".join(filter(None, [sentence, reason])))

    def _describe_last_proposal(self, env):
        """Return the last change of the proposal in one sentence.

        :param env: the environment of the reader, with the language
        """
        last = self.proposal_ids.sorted("id")[-1:]
        money = self.currency_id.with_env(env)
        if last.amount == last.amount_before:
            return env._("The committee votes on other conditions.")
        return env._(
            "The committee votes on another proposal: %(new)s instead of %(old)s.",
            new=money.format(last.amount),
            old=money.format(last.amount_before),
        )
