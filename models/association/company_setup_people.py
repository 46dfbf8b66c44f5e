from odoo import Command, api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

# The group of each role; whoever has a seat in a committee is a committee member.
ROLE_GROUPS = {
    "officer": "group_officer",
    "manager": "group_manager",
    "researcher": "group_researcher",
    "delegate": "group_delegate",
    "auditor": "group_auditor",
}
SEATS = ("chair", "secretary", "member", "substitute")


class ResCompany(models.Model):
    """The people of a new association: accounts, roles and seats (R53).

    Managers may not write accounts. These methods check that the acting user manages
    the association, and give the roles of the addon and nothing else.
    """

    _inherit = "res.company"

    def _get_setup_staff(self):
        """Return who has which role or seat in this association (R53).

        :return: ``{role: users}``, as superuser, of the roles that somebody has
        """
        self._check_may_set_up()
        here = [("company_ids", "in", self.ids), ("share", "=", False)]
        users = self.env["res.users"].sudo().search(here)  # managers read no groups
        # Managers may not read who is in a group, and the page also shows seats.
        staff = {
            role: users & self.env.ref(f"beneficiary_relations.{name}").sudo().user_ids
            for role, name in ROLE_GROUPS.items()
        }
        seats = self.env["beneficiary.committee.member"].sudo()
        seats = seats.search(
            Domain("company_id", "=", self.id)
            & seats._get_in_office_domain(self._get_beneficiary_today())
        )
        staff |= {
            role: members.user_id for role, members in seats.grouped("role").items()
        }
        return {role: users for role, users in staff.items() if users}

    def _set_up_person(self, name, email, role, committee):
        """Give a person a role here, and an account with an invitation by e-mail.

        :param role: a key of ``ROLE_GROUPS``, or one of ``SEATS``
        :param committee: the committee of the seat
        :return: the user, as superuser
        :raise UserError: the address is wrong, or is of an account elsewhere
        """
        self._check_may_set_up()
        address = email_normalize(email or "")
        if not address:
            raise ValidationError(
                self.env._("“%(email)s” is not an e-mail address.", email=email or "")
            )
        group = self.env.ref(
            f"beneficiary_relations.{ROLE_GROUPS.get(role, 'group_committee')}"
        )
        user = self._find_account(address)
        if user:
            self._check_is_colleague(user, address)
            user.company_ids |= self.sudo()  # administrators take colleagues in
            user.group_ids |= group
        else:
            users = self.env["res.users"].sudo()  # managers may not write accounts
            user = users.with_company(self).create(
                {
                    "name": name,
                    "login": address,
                    "email": address,
                    "lang": self.env.user.lang,
                    "tz": self._get_beneficiary_timezone(),
                    "company_id": self.id,
                    "company_ids": [Command.set(self.ids)],
                    "group_ids": [Command.set(group.ids)],
                }
            )
        if role in SEATS:
            self.env["beneficiary.committee.member"].create(
                {"committee_id": committee.id, "user_id": user.id, "role": role}
            )
        return user

    @api.model
    def _find_account(self, address):
        # Managers may not read all accounts; _check_is_colleague decides on this one.
        users = self.env["res.users"].sudo().with_context(active_test=False)
        return users.search([("login", "=ilike", address.replace("_", r"\_"))], limit=1)

    def _check_is_colleague(self, user, address):
        """Raise if an account is not one of this association's staff.

        A role counts in all associations of an account, so a manager gives one only to
        colleagues who work nowhere else than the manager does. Administrators may
        take colleagues of other associations in.
        """
        actor = self.env.user
        is_ours = self in user.company_ids and not user.company_ids - actor.company_ids
        if user.active and not user.share and (is_ours or actor._is_system()):
            return
        raise ValidationError(
            self.env._(
                "“%(email)s” already has an account outside this association's staff. "
                "An administrator adds it under Settings / Users.",
                email=address,
            )
        )
