from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import AccessError, UserError

from .beneficiary_contact import ADDRESS_FIELDS, CONTACT_FIELDS

# By these somebody else reads or signs in as the person.
ACCOUNT_FIELDS = ADDRESS_FIELDS | {"company_id", "parent_id", "user_ids"}
# What a contact takes over from its file as well.
IDENTITY_FIELDS = ACCOUNT_FIELDS | CONTACT_FIELDS


class ResPartner(models.Model):
    """Contacts of applicants get no account through Odoo's own doors.

    Applicants are the accounts that the addon let in, and the people of its files.
    Odoo's wizards, sign-up links and page shares do not check the right to invite.
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
        hidden = self.sudo().filtered("is_beneficiary_contact")
        outside = (self.sudo() - hidden).filtered("partner_share")
        if not outside:  # colleagues among themselves cost no query
            return self & hidden.sudo(False)
        accounts = self.env["res.users"].sudo().with_context(active_test=False)
        accounts = accounts.search(
            [("partner_id", "in", outside.ids), ("share", "=", True)]
        )
        followers = accounts._filter_followers_of_files()
        return self & (hidden | followers.partner_id).sudo(False)

    def _may_keep_accounts(self):
        """Whether the acting user keeps the accounts of the whole database.

        Methods of the addon act as superuser, after checks of their own.
        """
        return self.env.su or self.env.user.has_group("base.group_erp_manager")

    def _check_no_applicants(self):
        """Raise where the acting user would create or move an applicant's account.

        :raise AccessError: when they may not even read the contact
        :raise UserError: says which role does it instead
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
        """Give no sign-up token and no login of applicants (R43)."""
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

        Messages, invitations and channels of any record reach people (R43). To whom
        Odoo itself writes, as superuser, and what a person sends to their own address
        is asked of nobody.

        :raise AccessError: unless ``user`` may write to every one of these contacts
        """
        if user.id == SUPERUSER_ID:
            return
        applicants = (self - user.partner_id)._filter_applicants()
        if not applicants or user.has_group("base.group_erp_manager"):
            return
        if applicants - applicants._filter_known_to(user):
            raise AccessError(
                self.env._(
                    "Among these recipients is an applicant. Only the relations office "
                    "writes to applicants, from their request or file. Take them off "
                    "the list."
                )
            )

    def _filter_known_to(self, user):
        """Return those of these applicants whom ``user`` may write to.

        The front desk writes to the people of the files that it reads. Whoever is let
        read a hidden contact, by the record rule, writes to that one.
        """
        hidden = self.sudo().filtered("is_beneficiary_contact")
        known = user._filter_readable(hidden)
        if user._speaks_for_association():
            files = user._filter_readable(self._get_files_of_applicants())
            known |= files.partner_id | files._get_all_accounts().partner_id
        return self & known.sudo(False)

    def _get_files_of_applicants(self):
        """Return the files that these contacts are behind, or whose accounts follow."""
        files = self.env["beneficiary.beneficiary"].with_context(active_test=False)
        behind = files.sudo().search([("partner_id", "in", self.ids)])
        accounts = self.sudo().with_context(active_test=False).user_ids
        return behind | accounts._get_followed_files()
