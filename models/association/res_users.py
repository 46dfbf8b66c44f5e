import secrets

from odoo import SUPERUSER_ID, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from ...rules import conversation, flow

ROLE_GROUPS = {
    flow.DELEGATE: "beneficiary_relations.group_delegate",
    flow.OFFICER: "beneficiary_relations.group_officer",
    flow.MANAGER: "beneficiary_relations.group_manager",
    flow.RESEARCHER: "beneficiary_relations.group_researcher",
}
# Groups of other people who take part in conversations about requests.
LISTENER_GROUPS = {
    conversation.MEMBER: "beneficiary_relations.group_committee",
    conversation.AUDITOR: "beneficiary_relations.group_auditor",
}
# Groups that may read papers of a restricted kind.
RESTRICTION_GROUPS = {
    "health": "beneficiary_relations.group_health",
    "finance": "beneficiary_relations.group_finance",
}


class ResUsers(models.Model):
    _inherit = "res.users"

    def _fetch_field(self, field):
        """Tell from the groups, which are in memory, whether a user is a guest.

        The access to each field of the addon depends on it. Many calls need no other
        value of the acting user.
        """
        if field.name == "share" and self._ids == (self.env.uid,):
            field._insert_cache(self, [not self._is_internal()])
            return None
        return super()._fetch_field(field)

    def _get_beneficiary_roles(self):
        """Return the roles that this user's groups give, as named in the flow."""
        self.ensure_one()
        return {role for role, group in ROLE_GROUPS.items() if self.has_group(group)}

    def _get_conversation_roles(self):
        """Return this user's roles in conversations, as named in their table."""
        self.ensure_one()
        if self._is_portal():
            return {flow.APPLICANT}
        return self._get_beneficiary_roles() | {
            role for role, group in LISTENER_GROUPS.items() if self.has_group(group)
        }

    def _speaks_for_association(self):
        """Whether this user writes to applicants in the association's name."""
        return self.id == SUPERUSER_ID or (
            not self._is_portal()
            and conversation.may_say(conversation.WORD, self._get_conversation_roles())
        )

    def _takes_part_in_requests(self):
        """Whether this user writes messages on requests that they may only read."""
        roles = self._get_conversation_roles()
        return bool(roles & {flow.APPLICANT, flow.RESEARCHER, conversation.MEMBER})

    def _knows_applicants(self):
        """Whether this user reads the contacts behind files."""
        return self.has_group("beneficiary_relations.group_officer") or self.has_group(
            "beneficiary_relations.group_contact_reader"
        )

    def _filter_readable(self, records):
        """Return, as superuser, those of ``records`` that this user may read in any of
        their associations."""
        companies = self.sudo().company_ids  # users may not read other users' lists
        seen = records.with_user(self).with_context(allowed_company_ids=companies.ids)
        return seen._filtered_access("read").sudo()  # as the caller gave them

    def _is_only_member(self):
        """Whether this user takes part in requests only as a committee member."""
        return self._get_conversation_roles() == {conversation.MEMBER}

    def _get_beneficiary_restrictions(self):
        """Return the restrictions of paper kinds that this user may read."""
        self.ensure_one()
        groups = RESTRICTION_GROUPS.items()
        return ["none", *(name for name, group in groups if self.has_group(group))]

    def _get_beneficiary_branch_ids(self):
        """Return the ids of the branches that this user is delegate of, for rules (R6).

        With the ids PostgreSQL knows how many rows a rule leaves, and joins nothing.
        """
        self.ensure_one()
        return list(self.env["beneficiary.branch"]._get_ids_of(self.id))

    # -- accounts of applicants --------------------------------------------------------

    def _get_followed_files(self):
        """Return the files that these accounts follow, in all associations."""
        files = self.env["beneficiary.beneficiary"].sudo()  # of every association
        followed = Domain("portal_user_ids", "in", self.ids) | Domain(
            "representative_ids", "any", [("user_id", "in", self.ids)]
        )
        return files.with_context(active_test=False).search(followed)

    def _filter_followers_of_files(self):
        """Return those of these accounts that follow a file, or act for one."""
        if not self:
            return self
        files = self.env["beneficiary.beneficiary"].sudo()  # of every association
        files = files.with_context(active_test=False)
        agents = self.env["beneficiary.representative"].sudo()  # as above
        persons = files.search([("portal_user_ids", "in", self.ids)]).portal_user_ids
        agents = agents.search([("user_id", "in", self.ids)]).user_id
        return self & (persons | agents)

    def _leave_association(self, company):
        """Remove ``company`` from the accounts that follow none of its files.

        A person who came with their own account must be asked again before a file can
        name them again (R43). An account stays with the association that it was made
        in.
        """
        # Officers may not read or write accounts; here they only end what they began.
        for user in self.sudo().filtered("share"):
            if company not in user.company_id | user._get_followed_files().company_id:
                user.company_ids -= company

    def _was_made_for(self, file):
        """Whether this account was made for ``file``, and is nobody else's."""
        return self.share and self.partner_id == file.partner_id

    def _send_portal_invitations(self, company):
        """Send these accounts, each at its own address, a link to set a password.

        :param company: the association that invites; the accounts are added to it
        """
        for user in self.sudo():  # officers may not write accounts
            user.company_ids |= company
            line = self.env["beneficiary.beneficiary"]._prepare_invitation(
                user.partner_id, user.email
            )
            line._send_email()

    def _close_portal_account(self):
        """Close an account that was made for a file, with Odoo's own method."""
        line = self.env["beneficiary.beneficiary"]._prepare_invitation(
            self.partner_id, self.email
        )
        line.action_revoke_access()

    def _forget_password(self):
        """Make the old password invalid: a new one is set through an e-mailed link."""
        # Officers may not write accounts; nobody learns this password.
        self.sudo().write({"password": secrets.token_urlsafe()})

    def _move_portal_account(self, email, phone):
        """Give this account a new address, and end the link sent to the old one."""
        user = self.sudo()  # the file's rules decided who may; none may write accounts
        if email and email_normalize(user.login) == email_normalize(user.email):
            user.login = email
        user.partner_id.write({"email": email, "phone": phone, "signup_type": False})
