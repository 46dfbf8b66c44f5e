from odoo import api, fields, models

# Fields of the form that each step gets; list and payments decide what they need.
PAY = ("paid_on", "bank_reference")
MOVES = {
    "pay_all": ("disbursement_id", "action_pay_waiting", PAY),
    "pay": ("line_ids", "action_pay", PAY),
    "return": ("line_ids", "action_return", ("reason",)),
    "reopen": ("disbursement_id", "action_reopen", ("reason",)),
}


class DisbursementMove(models.TransientModel):
    """The form for a step of a list of disbursement, or of some of its payments.

    It holds no rule: it passes the input to the method of the list or the payments.
    """

    _name = "beneficiary.disbursement.move"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Step of a List of Disbursement"

    disbursement_id = fields.Many2one(
        "beneficiary.disbursement", string="List of Disbursement"
    )
    line_ids = fields.Many2many(
        "beneficiary.disbursement.line",
        "beneficiary_disbursement_move_rel",
        string="Payments",
        default=lambda self: self._default_line_ids(),
    )
    move = fields.Selection(
        [
            ("pay_all", "The Bank Paid All"),
            ("pay", "The Bank Paid"),
            ("return", "The Bank Sent It Back"),
            ("reopen", "Open the List Again"),
        ],
        required=True,
        default="return",
    )
    paid_on = fields.Date(
        default=lambda self: self.env.company._get_beneficiary_today(),
    )
    bank_reference = fields.Char()
    reason = fields.Text()

    @api.model
    def _default_line_ids(self):
        context = self.env.context
        if context.get("active_model") != "beneficiary.disbursement.line":
            return False
        return context.get("active_ids")

    def action_confirm(self):
        """Take the step with the input of the form."""
        self.ensure_one()
        target, method, names = MOVES[self.move]
        return self._pass_on(self[target], method, names)
