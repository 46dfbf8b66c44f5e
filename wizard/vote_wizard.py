from odoo import fields, models


class VoteWizard(models.TransientModel):
    """The small form on which a member votes, on a phone too."""

    _name = "beneficiary.vote.wizard"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Vote"

    decision_id = fields.Many2one("beneficiary.decision", required=True)
    currency_id = fields.Many2one(related="decision_id.currency_id", related_sudo=False)
    amount_proposed = fields.Monetary(
        related="decision_id.amount_proposed", related_sudo=False
    )
    conditions_proposed = fields.Text(
        related="decision_id.conditions_proposed", related_sudo=False
    )
    needs_presence = fields.Boolean(
        related="decision_id.needs_presence", related_sudo=False
    )
    choice = fields.Selection(
        selection=lambda self: (
            self.env["beneficiary.vote"]
            ._fields["choice"]
            ._description_selection(self.env)
        ),
        required=True,
    )
    reason = fields.Text()

    def action_confirm(self):
        """Cast the vote."""
        self.ensure_one()
        self.decision_id.action_vote(self.choice, self.reason)
        return {"type": "ir.actions.act_window_close"}
