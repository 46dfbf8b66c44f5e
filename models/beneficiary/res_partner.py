from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..mixins.id_guard_mixin import OURS
from .beneficiary_contact import ADDRESS_FIELDS, CONTACT_FIELDS

# Fields by which somebody else could read or sign in as the person.
ACCOUNT_FIELDS = ADDRESS_FIELDS | {"company_id", "parent_id", "user_ids"}
# The same, with all fields that are copied from a file to its contact.
IDENTITY_FIELDS = ACCOUNT_FIELDS | CONTACT_FIELDS


class ResPartner(models.Model):
    """Odoo's own ways to make an account are closed for contacts of applicants.

    Applicants are the portal accounts that act for a file, and the people of the
    files. Odoo's wizards, sign-up links and page shares do not check the right to
    invite.
    """

    _inherit = "res.partner"

    # A stored field, so that the record rule that hides people in need from other
    # staff needs no join. Only the file writes it, never a user.
    is_beneficiary_contact = fields.Boolean(
        string="Contact of a Beneficiary File",
        index="btree_not_null",
        copy=False,
        readonly=True,
        groups="base.group_system",
    )

    _beneficiary_phone = models.Index("(phone) WHERE is_beneficiary_contact IS TRUE")

    @api.model
    def _get_phone_domain(self, number):
        """Return the domain of the contacts of applicants with this telephone.

        :param number: in E.164, as files keep it
        """
        return Domain("is_beneficiary_contact", "=", True) & Domain(
            "phone", "=", number
        )

    def _filter_applicants(self):
        """Return the applicants among these contacts.

        They belong to a file, or have an account that acts for a file.
        """
        hidden = self.sudo().filtered("is_beneficiary_contact")
        outside = (self.sudo() - hidden).filtered("partner_share")
        if not outside:  # messages between colleagues need no query
            return self & hidden.sudo(False)
        accounts = self.env["res.users"].sudo().with_context(active_test=False)
        accounts = accounts.search(
            [("partner_id", "in", outside.ids), ("share", "=", True)]
        )
        followers = accounts._filter_followers_of_files()
        return self & (hidden | followers.partner_id).sudo(False)

    def _may_keep_accounts(self):
        """Whether the acting user manages the accounts of the whole database.

        Superuser counts too: the addon's methods use it after their own checks.
        """
        return self.env.su or self.env.user.has_group("base.group_erp_manager")

    def _check_no_applicants(self):
        """Raise if the acting user would create or move an applicant's account.

        :raise AccessError: when the user may not even read the contact
        :raise UserError: says who does it instead
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
        if applicants:  # the message does not tell that the person has a file
            raise UserError(
                self.env._(
                    "This contact has an account on the portal. Its owner proposes "
                    "another e-mail or telephone, signed in, under “My file”."
                )
            )

    def write(self, vals):
        """Refuse to change applicants by hand.

        Their contact follows the file, and only the owner changes the account.
        """
        if IDENTITY_FIELDS & vals.keys() and not self._may_keep_accounts():
            others = self - self.env.user.partner_id
            if not ACCOUNT_FIELDS & vals.keys():
                others = others.sudo().filtered("is_beneficiary_contact").sudo(False)
            others._check_no_applicants()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_speakers(self):
        """Keep who wrote on our records: a conversation names its authors (R20).

        Odoo deletes the contact of an account that its owner deleted.
        """
        messages = self.env["mail.message"].sudo()  # as any reader of the record
        said = Domain("author_id", "in", self.ids) & Domain(
            "model", "=like", f"{OURS}%"
        )
        if messages.search_count(said, limit=1):
            raise UserError(
                self.env._(
                    "This contact wrote on requests or files, which name who wrote. "
                    "Archive it instead."
                )
            )

    # -- Odoo's sign-up ----------------------------------------------------------------

    def signup_get_auth_param(self):
        """Return no sign-up token and no login for applicants (R43)."""
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
        """Raise if ``user`` may not write to one of these contacts (R43).

        Messages, invitations and channels of any record can reach an applicant. Odoo's
        own messages (by the superuser) are not checked, nor messages of a user to their
        own address.

        :raise AccessError: unless ``user`` may write to every one of these contacts
        """
        if self._filter_strange_to(user):
            raise AccessError(
                self.env._(
                    "Among these recipients is an applicant. Only the relations office "
                    "writes to applicants, from their request or file. Take them off "
                    "the list."
                )
            )

    def _filter_strange_to(self, user):
        """Return the applicants among these to whom ``user`` may not write."""
        if user.id == SUPERUSER_ID:
            return self.browse()
        applicants = (self - user.partner_id)._filter_applicants()
        if not applicants or user.has_group("base.group_erp_manager"):
            return self.browse()
        return applicants - applicants._filter_known_to(user)

    def _filter_known_to(self, user):
        """Return the applicants among these to whom ``user`` may write.

        The front desk may write to the people of the files that it may read. A user
        whom the record rule lets read a hidden contact may write to that contact.
        """
        hidden = self.sudo().filtered("is_beneficiary_contact")
        known = user._filter_readable(hidden)
        if user._speaks_for_association():
            files = user._filter_readable(self._get_files_of_applicants())
            known |= files.partner_id | files._get_all_accounts().partner_id
        return self & known.sudo(False)

    def _get_files_of_applicants(self):
        """Return the files of these contacts, and those that their accounts follow."""
        files = self.env["beneficiary.beneficiary"].with_context(active_test=False)
        behind = files.sudo().search([("partner_id", "in", self.ids)])
        accounts = self.sudo().with_context(active_test=False).user_ids
        return behind | accounts._get_followed_files()
