from odoo import fields, models


class ReferralSend(models.TransientModel):
    """Asks whom a question goes to, and refers the request (R15)."""

    _name = "beneficiary.referral.send"
    _inherit = ["beneficiary.wording.mixin"]
    _description = "Refer to the Social Researcher"

    request_id = fields.Many2one("beneficiary.request", required=True)
    researcher_id = fields.Many2one(
        "res.users",
        string="Social Researcher",
        required=True,
        domain=lambda self: [
            (
                "all_group_ids",
                "in",
                self.env.ref("beneficiary_relations.group_researcher").ids,
            )
        ],
    )
    question = fields.Text(required=True)

    def action_confirm(self):
        """Send the referral."""
        self.ensure_one()
        self.env["beneficiary.referral"]._send(
            self.request_id, self.researcher_id, self.question
        )
        return {"type": "ir.actions.act_window_close"}
