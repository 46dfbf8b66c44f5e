from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...rules import identity


class RepresentativeAccount(models.Model):
    """A guardian or agent is let in like the person: by a code to their mobile (R46).

    :Who may: people who may write the representation invite.
    """

    _inherit = "beneficiary.representative"

    def action_invite_to_portal(self):
        """Open this person's account, if they have none, and send them a text.

        :raise AccessError: unless the acting user may write the representation
        :raise UserError: when the person cannot be invited; says what to do
        """
        self.ensure_one()
        self.check_access("write")
        line = self.sudo()  # the front desk has no right to create accounts
        if problem := line._get_invitation_problem():
            raise UserError(problem)
        if not line.user_id:
            line.user_id = line._find_account() or line._open_account()
        files = line.beneficiary_id
        files._text_invitation(line.phone, line.user_id.lang or files.lang)
        self.beneficiary_id._message_log(
            body=self.env._(
                "%(person)s was invited to the portal as a representative.",
                person=line.name,
            )
        )
        return True

    def _get_invitation_problem(self):
        """Return a sentence on why this person cannot be invited, or an empty text."""
        if self.beneficiary_id._is_deceased():
            return "\n".join(self.beneficiary_id._get_stop_problems())
        if not self._filter_acting():
            return self.env._(
                "This representation is not in effect, or does not include requests. "
                "Correct its period or its scope first."
            )
        if not self.company_id.beneficiary_signin_by_code:
            return self.beneficiary_id._get_way_problem("sms")
        if not (self.phone and identity.is_mobile(self.phone)):
            return self.env._(
                "Write the representative's mobile number first: the codes to sign in "
                "go there."
            )
        return ""

    def _find_account(self):
        """Return the account that this person has in the association already.

        They may represent another file. Only the identity number says that it is one
        person: a family shares a telephone.
        """
        if not self.identity_number:
            return self.env["res.users"]
        here = Domain("company_id", "=", self.company_id.id)
        same = here & self._get_person_domain([self._get_person()])
        lines = self.search(same & Domain("user_id", "!=", False))
        return lines.user_id.filtered(
            lambda user: user.active and user not in self.beneficiary_id.portal_user_ids
        )[:1]

    def _open_account(self):
        """Make an account without e-mail and password, with a hidden contact."""
        line = self.with_user(SUPERUSER_ID).with_context({})
        contact = line.env["res.partner"].create(
            {
                "name": line.name,
                "phone": line.phone,
                "email": line.email,
                "lang": line.beneficiary_id.lang,
                "company_id": line.company_id.id,
                "is_beneficiary_contact": True,
            }
        )
        return line.env["res.users"]._make_code_account(contact, line.company_id)
