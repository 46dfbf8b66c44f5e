from odoo import SUPERUSER_ID, models

from ..rules import conversation, flow

ROLE_GROUPS = {
    flow.DELEGATE: "beneficiary_relations.group_delegate",
    flow.OFFICER: "beneficiary_relations.group_officer",
    flow.MANAGER: "beneficiary_relations.group_manager",
    flow.RESEARCHER: "beneficiary_relations.group_researcher",
}
# Who else has a part in what is said about a request.
LISTENER_GROUPS = {
    conversation.MEMBER: "beneficiary_relations.group_committee",
    conversation.AUDITOR: "beneficiary_relations.group_auditor",
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

    def _get_conversation_roles(self):
        """Return what this user is to conversations, as their table names it."""
        self.ensure_one()
        if self._is_portal():
            return {flow.APPLICANT}
        return self._get_beneficiary_roles() | {
            role for role, group in LISTENER_GROUPS.items() if self.has_group(group)
        }

    def _speaks_for_association(self):
        """Whether what this user writes to applicants is the association's word."""
        return self.id == SUPERUSER_ID or (
            not self._is_portal()
            and conversation.may_say(conversation.WORD, self._get_conversation_roles())
        )

    def _takes_part_in_requests(self):
        """Whether this user writes messages on requests that they may only read."""
        roles = self._get_conversation_roles()
        return bool(roles & {flow.APPLICANT, flow.RESEARCHER, conversation.MEMBER})

    def _get_beneficiary_restrictions(self):
        """Return the restrictions of kinds of paper that do not stop this user."""
        self.ensure_one()
        groups = RESTRICTION_GROUPS.items()
        return ["none", *(name for name, group in groups if self.has_group(group))]
