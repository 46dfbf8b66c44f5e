from odoo import SUPERUSER_ID, models

from ..rules import flow

ROLE_GROUPS = {
    flow.DELEGATE: "beneficiary_relations.group_delegate",
    flow.OFFICER: "beneficiary_relations.group_officer",
    flow.MANAGER: "beneficiary_relations.group_manager",
    flow.RESEARCHER: "beneficiary_relations.group_researcher",
}
# Who reads papers of a restricted kind.
RESTRICTION_GROUPS = {
    "health": "beneficiary_relations.group_health",
    "finance": "beneficiary_relations.group_finance",
}


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_beneficiary_roles(self):
        """Return the roles that this user's groups give, as named in the flow."""
        self.ensure_one()
        return {role for role, group in ROLE_GROUPS.items() if self.has_group(group)}

    def _speaks_for_association(self):
        """Whether what this user writes to applicants is the association's word."""
        return self.id == SUPERUSER_ID or bool(
            self._get_beneficiary_roles() & flow.FRONT_DESK
        )

    def _takes_part_in_requests(self):
        """Whether this user writes messages on requests that they may only read."""
        return (
            self._is_portal()
            or flow.RESEARCHER in self._get_beneficiary_roles()
            or self.has_group("beneficiary_relations.group_committee")
        )

    def _get_beneficiary_restrictions(self):
        """Return the restrictions of kinds of paper that do not stop this user."""
        self.ensure_one()
        groups = RESTRICTION_GROUPS.items()
        return ["none", *(name for name, group in groups if self.has_group(group))]
