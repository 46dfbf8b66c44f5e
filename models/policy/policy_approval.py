from odoo import api, fields, models
from odoo.exceptions import UserError


class PolicyApproval(models.Model):
    """The scan of the board's approval, with signatures and stamp (R36).

    Like the approval itself it may come after the policy runs, and it comes once.
    """

    _name = "beneficiary.policy"
    _inherit = ["beneficiary.policy", "beneficiary.upload.mixin"]
    _upload_fields = {"approval_scan": "approval_scan_name"}

    approval_scan = fields.Binary(
        string="Scan of the Approval",
        attachment=True,
        copy=False,
        help="The signed and stamped page, as a photo or PDF.",
    )
    approval_scan_name = fields.Char(copy=False)
    has_approval_scan = fields.Boolean(compute="_compute_has_approval_scan")

    @api.depends("state", "approval_scan_name")
    def _compute_has_approval_scan(self):
        """Whether a scan is kept; while one is being chosen, it is not."""
        for policy in self:
            policy.has_approval_scan = bool(
                policy.state != "draft" and policy._origin.approval_scan_name
            )

    def write(self, vals):
        if "approval_scan" in vals and any(self.mapped("has_approval_scan")):
            raise UserError(
                self.env._(
                    "The scan of the approval of this policy is kept as it is. Make a "
                    "new version if the board approves anew."
                )
            )
        return super().write(vals)
