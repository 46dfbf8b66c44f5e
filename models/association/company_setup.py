from dataclasses import dataclass
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ...rules import holidays
from ...rules.arabic import ascii_digits
from ..mixins.refusal import Problem, refusal

# What the page of the portal asks.
PORTAL_FIELDS = frozenset(
    [
        "beneficiary_signin_by_code",
        "beneficiary_newcomers",
        "beneficiary_sends_texts",
    ]
)
# What the assistant may write on the association; everything else stays as it is.
ASSOCIATION_FIELDS = frozenset(
    [
        "name",
        "country_id",
        "currency_id",
        "city",
        "phone",
        "email",
        "logo",
        "beneficiary_licence_number",
        "beneficiary_calendar_id",
        *PORTAL_FIELDS,
    ]
)
# The group of each role; whoever has a seat in a committee is a committee member.
ROLE_GROUPS = {
    "officer": "group_officer",
    "manager": "group_manager",
    "researcher": "group_researcher",
    "delegate": "group_delegate",
    "auditor": "group_auditor",
}
SEATS = ("chair", "secretary", "member", "substitute")


@dataclass(frozen=True)
class Missing:
    """Something that an association still lacks.

    :param page: page of the assistant on which it is put right
    :param sentence: the translated text
    :param is_needed: whether the first request waits for it
    """

    page: str
    sentence: str
    is_needed: bool = True


class ResCompany(models.Model):
    """The first hour of an association: from installing to its first request (R53).

    What was done is read from the data: there is no list of finished pages. So the
    assistant can be left and resumed, and says what is missing whoever did the rest.

    :Who may: managers, each for their own associations. Managers may not write
        companies and accounts; these methods write a fixed list of fields for them.
    """

    _inherit = "res.company"

    beneficiary_sends_texts = fields.Boolean(
        string="Text Messages",
        default=True,
        help="Notices and codes also go to mobile numbers, through the provider that "
        "is set up in Odoo.",
    )

    def _check_may_set_up(self):
        """Raise unless the acting user is a manager of this association.

        :raise AccessError: says who may set it up
        """
        self.ensure_one()
        if self.env.su or self in self.env.user._get_managed_associations():
            return
        raise AccessError(self.env._("Only a manager of the association sets it up."))

    # -- what is missing ---------------------------------------------------------------

    def _get_setup_missing(self):
        """Return what this association lacks, what its first request needs first (R53).

        The number of queries does not depend on the number of records.

        :rtype: list of :class:`Missing`
        """
        self.ensure_one()
        company = self.sudo()  # the assistant is shown before a user has the role
        missing = [
            *company._get_missing_policy(),
            *company._get_missing_committee(),
            *company._get_missing_service(),
        ]
        if not company.beneficiary_licence_number:
            sentence = self.env._(
                "The licence number is not written yet: papers are printed without it."
            )
            missing.append(Missing("association", sentence, is_needed=False))
        if company._has_delegates_without_branch():
            sentence = self.env._(
                "The policy has branch delegates, and no branch office names one yet: "
                "Configuration / Branches."
            )
            missing.append(Missing("people", sentence, is_needed=False))
        if not self.env["ir.mail_server"].sudo().search_count([], limit=1):
            sentence = self.env._(
                "No server for outgoing e-mail is set up: invitations and notices may "
                "not leave. An administrator adds one under Settings / Technical."
            )
            missing.append(Missing("portal", sentence, is_needed=False))
        return missing

    def _get_missing_policy(self):
        if self._get_beneficiary_policy():
            return []
        if self._get_setup_policy():
            sentence = self.env._("The policy is a draft: put it in force.")
            return [Missing("ready", sentence)]
        sentence = self.env._("There is no policy yet: choose a template.")
        return [Missing("policy", sentence)]

    def _get_missing_committee(self):
        if self._get_able_committees():
            return []
        sentence = self.env._(
            "No committee can decide yet: it needs its chair and another member."
        )
        return [Missing("people", sentence)]

    def _get_missing_service(self):
        studied = Domain("company_id", "=", self.id) & Domain(
            "committee_id", "!=", False
        )
        if self.env["beneficiary.service"].search_count(studied, limit=1):
            return []
        sentence = self.env._(
            "There is no service with a committee yet: choose some from the catalogue."
        )
        return [Missing("services", sentence)]

    def _get_able_committees(self):
        """Return the committees with a chair and another member in office."""
        seats = self.env["beneficiary.committee.member"].search(
            Domain("company_id", "=", self.id)
            & Domain("committee_id.active", "=", True)
            & Domain("role", "!=", "substitute")
            & self.env["beneficiary.committee.member"]._get_in_office_domain(
                self._get_beneficiary_today()
            )
        )
        return self.env["beneficiary.committee"].union(
            *(
                committee
                for committee, members in seats.grouped("committee_id").items()
                if len(members) > 1 and "chair" in members.mapped("role")
            )
        )

    def _has_delegates_without_branch(self):
        policy = self._get_setup_policy()
        if not any(channel.requires_branch for channel in policy._get_channels()):
            return False
        named = [("company_id", "=", self.id), ("delegate_ids", "!=", False)]
        return not self.env["beneficiary.branch"].search_count(named, limit=1)

    def _get_setup_policy(self):
        """Return the policy in force, or else the latest draft of this association."""
        self.ensure_one()
        return self._get_beneficiary_policy() or self.env["beneficiary.policy"].search(
            [("company_id", "=", self.id), ("state", "=", "draft")],
            order="id desc",
            limit=1,
        )

    # -- the pages ---------------------------------------------------------------------

    def _set_up_association(self, vals):
        """Write what the assistant asks about the association itself.

        :param vals: values of :data:`ASSOCIATION_FIELDS`; values that do not change
            are not written
        """
        self._check_may_set_up()
        company = self.sudo()  # managers may not write companies
        if number := vals.get("beneficiary_licence_number"):
            vals = {**vals, "beneficiary_licence_number": ascii_digits(number)}
        changed = {}
        for name in ASSOCIATION_FIELDS & vals.keys():
            field = company._fields[name]
            if company[name] != field.convert_to_record(
                field.convert_to_cache(vals[name], company), company
            ):
                changed[name] = vals[name]
        if changed:
            company.write(changed)

    def _set_up_holidays(self):
        """Enter the Saudi public holidays of this year and the next, where they lack.

        A holiday that overlaps one of the association's is left out: it was entered,
        or moved, by hand.
        """
        self._check_may_set_up()
        leaves = self.env["resource.calendar.leaves"].sudo()  # the check is above
        leaves = leaves.with_company(self)
        names = self._get_holiday_names()
        year = self._get_beneficiary_today().year
        for code, first, last in [
            *holidays.public_holidays(year),
            *holidays.public_holidays(year + 1),
        ]:
            end = self._get_beneficiary_end_of_day(last)
            eve = self._get_beneficiary_end_of_day(first - timedelta(days=1))
            start = eve + timedelta(seconds=1)
            known = (
                self._get_beneficiary_holiday_domain()
                & Domain("date_from", "<=", end)
                & Domain("date_to", ">=", start)
            )
            if not leaves.search_count(known, limit=1):
                leaves.create(
                    {
                        "name": names[code],
                        "company_id": self.id,
                        "date_from": start,
                        "date_to": end,
                    }
                )

    @api.model
    def _get_holiday_names(self):
        return {
            holidays.FOUNDING_DAY: self.env._("Founding Day"),
            holidays.NATIONAL_DAY: self.env._("National Day"),
            holidays.EID_AL_FITR: self.env._("Eid al-Fitr"),
            holidays.EID_AL_ADHA: self.env._("Eid al-Adha"),
        }

    def _set_up_policy(self, template, channels):
        """Make the draft of the association's policy, with these channels.

        A policy in force stays as it is: it changes by a new version.

        :param template: a policy of no association; used when there is none yet
        :param channels: the channels that the draft allows
        :return: the policy
        """
        self._check_may_set_up()
        policy = self._get_setup_policy()
        if policy.state == "in_force":
            return policy
        if not policy:
            if not template or template.company_id:
                sentence = self.env._("Choose the template of your policy.")
                raise refusal(Problem(sentence, None, "template_id"))
            policy = template.copy({"company_id": self.id})
        lines = policy.channel_line_ids
        lines.filtered(lambda line: line.channel_id not in channels).unlink()
        last = max(lines.exists().mapped("sequence"), default=0)
        policy.channel_line_ids = [
            Command.create({"channel_id": channel.id, "sequence": last + place})
            for place, channel in enumerate(channels - policy._get_channels(), 1)
        ]
        return policy

    def _set_up_portal(self, is_open):
        """Open or close the portal: it is a channel of the policy's draft (R7)."""
        policy = self._get_setup_policy()
        if policy.state != "draft":
            return
        portal = self.env["beneficiary.channel"].search(
            [("is_portal", "=", True), ("company_id", "in", [False, self.id])]
        )
        channels = policy._get_channels()
        if is_open and not channels & portal:
            channels |= portal[:1]
        elif not is_open:
            channels -= portal
        self._set_up_policy(None, channels)

    def _set_up_services(self, codes, committee):
        """Take these services of the catalogue over, with their papers and questions.

        :param codes: codes of the catalogue; those that the association has are skipped
        :param committee: the committee that studies their requests
        """
        self._check_may_set_up()
        own = self.env["beneficiary.service"].with_context(active_test=False)
        known = own.search([("company_id", "=", self.id)]).mapped("code")
        policy = self._get_setup_policy()
        is_offered = any(channel.is_portal for channel in policy._get_channels())
        for template in self._get_service_catalogue():
            if template.code in codes and template.code not in known:
                template.copy(
                    {
                        "company_id": self.id,
                        "code": template.code,
                        "committee_id": committee.id,
                        "portal_published": is_offered and bool(committee),
                    }
                )

    @api.model
    def _get_service_catalogue(self):
        """Return, as superuser, the services from which associations choose theirs."""
        services = self.env["beneficiary.service"].sudo()  # they are of no association
        return services.search([("company_id", "=", False)])

    # -- people ------------------------------------------------------------------------

    def _get_setup_staff(self):
        """Return who has which role or seat in this association (R53).

        :return: ``{role: users}``, as superuser, of the roles that somebody has
        """
        self._check_may_set_up()
        here = [("company_ids", "in", self.ids), ("share", "=", False)]
        users = self.env["res.users"].sudo().search(here)  # managers read no groups
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

        :param role: a key of :data:`ROLE_GROUPS`, or one of :data:`SEATS`
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
            user.company_ids |= self.sudo()
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
        users = self.env["res.users"].sudo().with_context(active_test=False)
        return users.search([("login", "=ilike", address.replace("_", r"\_"))], limit=1)

    def _check_is_colleague(self, user, address):
        """Raise if an account is not one of this association's staff.

        Administrators may take colleagues of other associations in.
        """
        is_open = user.active and not user.share
        if is_open and (self in user.company_ids or self.env.user._is_system()):
            return
        raise ValidationError(
            self.env._(
                "“%(email)s” already has an account outside this association's staff. "
                "An administrator adds it under Settings / Users.",
                email=address,
            )
        )
