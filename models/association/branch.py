from odoo import api, fields, models
from odoo.tools import ormcache

from ...rules import flow


class Branch(models.Model):
    """A branch office and the delegates who speak for it (R6).

    Delegates see the files, requests and contacts of their own branches only.
    """

    _name = "beneficiary.branch"
    _inherit = [
        "beneficiary.kept.name.mixin",
        "beneficiary.archive.mixin",
        "beneficiary.mixin",
    ]
    _description = "Branch Office"
    _is_short_list = True
    _order = "name, id"
    _check_company_auto = True
    _role_fields = {"delegate_ids": (flow.DELEGATE,)}

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    delegate_ids = fields.Many2many(
        "res.users",
        "beneficiary_branch_delegate_rel",
        string="Delegates",
        domain=lambda self: self._get_role_domain(flow.DELEGATE),
    )
    active = fields.Boolean(default=True)

    # Unique by source term: a translated name is one JSON value with all languages.
    _name_unique = models.UniqueIndex(
        "(company_id, (name->>'en_US'))",
        "The association already has a branch of this name.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        branches = super().create(vals_list)
        self.env.registry.clear_cache()  # see `_is_used_by` and `_get_ids_of`
        return branches

    def write(self, vals):
        result = super().write(vals)
        if "delegate_ids" in vals:
            self.env.registry.clear_cache()  # see `_get_ids_of`
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _get_archive_problems(self):
        return self._get_open_request_problems([("branch_id", "=", self.id)])

    @api.model
    def _is_for_delegate(self):
        """Whether the acting user works for own branches only, as a delegate (R6)."""
        roles = self.env.user._get_beneficiary_roles()
        return flow.DELEGATE in roles and flow.OFFICER not in roles

    @api.model
    @ormcache("company_id")
    def _is_used_by(self, company_id):
        """Tell whether an association works through branches (R6).

        It does if it has one, archived ones too, or if its policy in force has a
        channel that needs one.
        """
        company = self.env["res.company"].sudo().browse(company_id)
        channels = company._get_beneficiary_policy()._get_channels()
        return any(channels.mapped("requires_branch")) or bool(
            self.sudo()  # whether there is a branch is no secret
            .with_context(active_test=False)
            .search_count([("company_id", "=", company_id)], limit=1)
        )

    @api.model
    @ormcache("user_id")
    def _get_ids_of(self, user_id):
        """Return the ids of the branches that a user is delegate of, archived too.

        Not everybody reads branches; which are one's own is no secret.
        """
        branches = self.sudo().with_context(active_test=False)
        return tuple(branches.search([("delegate_ids", "in", [user_id])]).ids)

    @api.model
    def _get_own_domain(self):
        """Return the domain of the branches that the acting user may choose."""
        if not self._is_for_delegate():
            return []
        return [("delegate_ids", "in", self.env.user.ids)]

    @api.model
    def _get_only_own(self):
        """Return the branch of a delegate who has exactly one; none for others."""
        if not self._is_for_delegate():
            return self.browse()
        own = self.search(self._get_own_domain(), limit=2)
        return own if len(own) == 1 else self.browse()
