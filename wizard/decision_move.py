from odoo import api, fields, models


class DecisionMove(models.TransientModel):
    """The form on which the chair or the secretary leads a study (R19, R23).

    It holds no rule: it passes the input to the method of the decision.
    """

    _name = "beneficiary.decision.move"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Lead a Study"

    decision_id = fields.Many2one("beneficiary.decision", required=True)
    move = fields.Selection(
        [
            ("close", "Close the Vote"),
            ("propose", "Change the Proposal"),
            ("postpone", "Postpone"),
        ],
        required=True,
        default="close",
    )
    currency_id = fields.Many2one(related="decision_id.currency_id", related_sudo=False)
    amount = fields.Monetary(
        string="Proposed Amount",
        compute="_compute_proposal",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    conditions = fields.Text(
        compute="_compute_proposal", compute_sudo=False, store=True, readonly=False
    )
    questions = fields.Text(compute="_compute_questions")
    rejection_reason_id = fields.Many2one("beneficiary.rejection.reason")
    reason = fields.Text()

    @api.depends("decision_id")
    def _compute_proposal(self):
        self._check_targets()
        for wizard in self:
            wizard.amount = wizard.decision_id.amount_proposed
            wizard.conditions = wizard.decision_id.conditions_proposed

    @api.depends("move", "decision_id", "amount")
    def _compute_questions(self):
        """Show what is asked about the typed amount before it is proposed."""
        self._check_targets()
        for wizard in self:
            decision = wizard.decision_id
            wizard.questions = wizard.move == "propose" and "\n".join(
                decision._get_proposal_questions(wizard.amount)
            )

    def action_confirm(self):
        """Take the step; if the votes give no decision, show the reason."""
        self.ensure_one()
        decision = self.decision_id
        if self.move == "propose":
            result = decision.action_propose(
                self.amount, self.conditions or "", self.reason
            )
        elif self.move == "postpone":
            result = decision.action_postpone(self.reason)
        else:
            result = decision.action_close_vote(
                self.reason, self.rejection_reason_id.id
            )
        if result is True:
            return {"type": "ir.actions.act_window_close"}
        return result
