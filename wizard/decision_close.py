from odoo import fields, models


class DecisionClose(models.TransientModel):
    """Asks for the reason the applicant will read, and closes the vote (R23)."""

    _name = "beneficiary.decision.close"
    _inherit = ["beneficiary.wording.mixin"]
    _description = "Close the Vote"

    decision_id = fields.Many2one("beneficiary.decision", required=True)
    reason = fields.Text(string="Reason the beneficiary will read")

    def action_confirm(self):
        """Close the vote; shows why, where the votes make no decision."""
        self.ensure_one()
        result = self.decision_id.action_close_vote(self.reason)
        if result is True:
            return {"type": "ir.actions.act_window_close"}
        return result
