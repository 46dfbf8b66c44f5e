from dataclasses import dataclass

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


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

    :Who may: managers, each for their own associations.
    :Parts: a file each, beside this one
        ``company_setup_page``: saves what the pages of the assistant ask
        ``company_setup_people``: accounts, roles and seats
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
