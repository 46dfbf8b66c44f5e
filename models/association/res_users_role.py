from odoo import models


class ResUsers(models.Model):
    """The roles of a colleague in an association."""

    _inherit = "res.users"

    def _get_managed_associations(self):
        """Return, as superuser, the companies that this user is a manager of."""
        self.ensure_one()
        if not self.has_group("beneficiary_relations.group_manager"):
            return self.env["res.company"].sudo()  # as below
        return self.sudo().company_ids  # users may not read others' associations

    def _has_part(self, roles, company):
        """Whether this user works for ``company`` in one of ``roles``.

        :param roles: names of the addon's groups, without ``group_``
        """
        self.ensure_one()
        user = self.sudo()  # the acting user may not read these associations
        return (
            user.active
            and not user.share
            and company.id in user._get_company_ids()
            and any(
                user.has_group(f"beneficiary_relations.group_{role}") for role in roles
            )
        )
