from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import AccessError, UserError

from .beneficiary_contact import ADDRESS_FIELDS, CONTACT_FIELDS

# By these somebody else reads or signs in as the person.
ACCOUNT_FIELDS = ADDRESS_FIELDS | {"company_id", "parent_id", "user_ids"}
# What a contact takes over from its file as well.
IDENTITY_FIELDS = ACCOUNT_FIELDS | CONTACT_FIELDS


class ResPartner(models.Model):
    """The contacts of applicants: whom Odoo's own doors give no account to.

    Applicants are whom the addon let in, and whom its files are about: Odoo's
    wizards, sign-up links and shares of a page know nothing of who may invite them.
    """

    _inherit = "res.partner"

    # Stored on the contact itself so that the record rule which hides people in
    # need from other staff costs no join. Written by the file, never by hand.
    is_beneficiary_contact = fields.Boolean(
        string="Contact of a Beneficiary File",
        index="btree_not_null",
        copy=False,
        readonly=True,
        groups="base.group_system",
    )

    def _filter_applicants(self):
        """Return those of these contacts that are behind a file, or whose account
        acts for one."""
        partners = self.sudo()
        files = self.env["beneficiary.beneficiary"].with_context(active_test=False)
        persons = files.sudo().search([("portal_user_ids.partner_id", "in", self.ids)])
        agents = self.env["beneficiary.representative"].sudo()
        agents = agents.search([("user_id.partner_id", "in", self.ids)])
        followers = (persons.portal_user_ids | agents.user_id).filtered("share")
        applicants = partners.filtered("is_beneficiary_contact")
        return self & (applicants | followers.partner_id).sudo(False)

    def _may_keep_accounts(self):
        """Whether the acting user keeps the accounts of the whole database.

        Methods of the addon act as superuser, after checks of their own.
        """
        return self.env.su or self.env.user.has_group("base.group_erp_manager")

    def _check_no_applicants(self):
        """Raise where the acting user would let an applicant in, or move an account.

        :raise AccessError: when they may not even read the contact
        :raise UserError: with who does it instead
        """
        if self._may_keep_accounts():
            return
        applicants = self._filter_applicants()
        applicants.check_access("read")
        if any(applicants.sudo().mapped("is_beneficiary_contact")):
            raise UserError(
                self.env._(
                    "This contact belongs to the file of a beneficiary. Change the "
                    "file, and invite the person from there."
                )
            )
        if applicants:  # who it is that a file is about, is not told
            raise UserError(
                self.env._(
                    "This contact has an account on the portal. Its owner changes the "
                    "e-mail and the telephone, signed in, under “My Account”."
                )
            )

    def write(self, vals):
        """An applicant's contact follows the file; the account is its owner's."""
        if IDENTITY_FIELDS & vals.keys() and not self._may_keep_accounts():
            others = self - self.env.user.partner_id
            if not ACCOUNT_FIELDS & vals.keys():
                others = others.sudo().filtered("is_beneficiary_contact").sudo(False)
            others._check_no_applicants()
        return super().write(vals)

    # -- Odoo's sign-up ----------------------------------------------------------------

    def signup_get_auth_param(self):
        """Give no token, and tell no login, of an applicant: they are invited (R43)."""
        applicants = self._filter_applicants()
        params = super(ResPartner, self - applicants).signup_get_auth_param()
        params.update({partner.id: {} for partner in applicants})
        return params

    def _get_signup_url(self):
        self._check_no_applicants()
        return super()._get_signup_url()

    def _get_signup_url_for_action(self, *args, **kwargs):
        if self._may_keep_accounts():
            return super()._get_signup_url_for_action(*args, **kwargs)
        applicants = self._filter_applicants()
        others = super(ResPartner, self - applicants)
        urls = others._get_signup_url_for_action(*args, **kwargs)
        return {**urls, **{partner.id: "/my" for partner in applicants}}

    # -- writing to an applicant -------------------------------------------------------

    def _check_may_be_written_to(self, user):
        """Raise where ``user`` would write to an applicant whom they may not know.

        Messages and invitations of any record reach people (R43).
        """
        hidden = self.sudo().filtered("is_beneficiary_contact")
        if not hidden or user.id == SUPERUSER_ID:
            return
        if hidden.with_user(user)._filtered_access("read") != hidden:
            raise AccessError(
                self.env._(
                    "Among these recipients is somebody to whom the relations office "
                    "alone writes. Take them off the list."
                )
            )
