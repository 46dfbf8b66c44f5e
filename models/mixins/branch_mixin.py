from odoo import api, fields, models

from ...rules import flow


class BranchMixin(models.AbstractModel):
    """A record that came in through a channel, perhaps through a branch (R6, R7).

    Some channels need a branch and the delegate who was there.
    """

    _name = "beneficiary.branch.mixin"
    _description = "Came through a Branch"

    branch_id = fields.Many2one(
        "beneficiary.branch",
        compute="_compute_branch_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index="btree_not_null",
        tracking=True,
        domain=lambda self: self.env["beneficiary.branch"]._get_own_domain(),
    )
    delegate_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        domain=lambda self: self._get_role_domain(flow.DELEGATE),
        tracking=True,
    )
    branch_delegate_ids = fields.Many2many(
        "res.users",
        compute="_compute_branch_delegate_ids",
        string="Delegates of the Branch",
    )

    @api.depends("branch_id.delegate_ids", "channel_id.requires_branch")
    def _compute_branch_delegate_ids(self):
        """Read them only where a delegate is to be chosen."""
        for record in self:
            asked = record.channel_id._origin._needs_branch()
            record.branch_delegate_ids = asked and record.branch_id.delegate_ids

    @api.depends("beneficiary_id")
    def _compute_branch_id(self):
        """Use the person's branch, unless another one was written."""
        for record in self:
            record.branch_id = record.branch_id or record.beneficiary_id.branch_id
