from odoo import fields, models

from ..rules import flow

# Fields of the form that each move gets; the referral decides what it needs.
MOVE_FIELDS = {
    "decline": ("reason",),
    "revoke": ("reason",),
    "reassign": ("researcher_id", "due_date"),
    "reopen": ("reason",),
}


class ReferralMove(models.TransientModel):
    """The form to decline, revoke, reassign or take up a referral.

    It holds no rule: it passes the input to the method of the referral.
    """

    _name = "beneficiary.referral.move"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Step of a Referral"

    referral_id = fields.Many2one("beneficiary.referral", required=True)
    company_id = fields.Many2one(related="referral_id.company_id", related_sudo=False)
    move = fields.Selection(
        [
            ("decline", "Decline"),
            ("revoke", "Revoke"),
            ("reassign", "Reassign"),
            ("reopen", "Take Up Again"),
        ],
        required=True,
    )
    reason = fields.Text()
    researcher_id = fields.Many2one(
        "res.users",
        string="Social Researcher",
        domain=lambda self: self._get_role_domain(flow.RESEARCHER),
    )
    due_date = fields.Date(string="Answer By")

    def action_confirm(self):
        """Take the step with the input of the form."""
        self.ensure_one()
        names = MOVE_FIELDS[self.move]
        return self._pass_on(self.referral_id, f"action_{self.move}", names)
