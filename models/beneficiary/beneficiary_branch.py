from odoo import api, fields, models
from odoo.fields import Domain


class BeneficiaryBranch(models.Model):
    """Which files delegates read because of a request of their branches (R6).

    The person may have moved to another branch since. A request opens whole: its
    delegates read the file and its papers, and change nothing in them. The record rules
    ask the field below: one list of requests answers it for all files.
    """

    _inherit = "beneficiary.beneficiary"

    is_asked_in_my_branch = fields.Boolean(
        compute="_compute_is_asked_in_my_branch",
        search="_search_is_asked_in_my_branch",
        exportable=False,
    )

    @api.depends("request_ids.branch_id.delegate_ids")
    @api.depends_context("uid")
    def _compute_is_asked_in_my_branch(self):
        asked = {
            file.id
            for (file,) in self._get_branch_requests()._read_group(
                self._get_branch_domain() & Domain("beneficiary_id", "in", self.ids),
                ["beneficiary_id"],
            )
        }
        for file in self:
            file.is_asked_in_my_branch = file._origin.id in asked

    @api.model
    def _search_is_asked_in_my_branch(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = self._get_branch_requests()._search(self._get_branch_domain())
        asked = Domain("id", "in", found.subselect("beneficiary_id"))
        return Domain.OR(asked if wanted else ~asked for wanted in value)

    @api.model
    def _get_branch_requests(self):
        # Superuser: the rules of requests and files would ask each other.
        return self.env["beneficiary.request"].sudo()

    @api.model
    def _get_branch_domain(self):
        return self.env["beneficiary.request"]._get_branches_domain()
