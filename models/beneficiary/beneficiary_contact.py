from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ...rules import file_flow, flow

PORTAL_FIELDS = frozenset(["id", "display_name", "name", "file_number", "active"])
# Fields whose values are copied from a file to its contact.
CONTACT_FIELDS = frozenset(["name", "phone", "email", "street", "city", "lang"])
# Those at which an account is reached: their owner can take the account over.
ADDRESS_FIELDS = frozenset(["phone", "email"])


class BeneficiaryContact(models.Model):
    """How a file's person is reached, the hidden contact, and who acts on the portal.

    Two kinds of account follow a file on the portal: the person's own logins, which
    are named on the file, and the logins of representatives whose period runs and
    whose scope includes requests. An account of the hidden contact alone gives no
    access: Odoo has other ways to make an account for a contact.
    """

    _inherit = "beneficiary.beneficiary"
    _portal_fields = PORTAL_FIELDS

    phone = fields.Char(copy=False, tracking=True)
    phone2 = fields.Char(
        string="Other Telephone",
        copy=False,
        tracking=True,
        help="A second number at which the person is reached. Notices go to the first.",
    )
    email = fields.Char(copy=False, tracking=True)
    street = fields.Char()
    city = fields.Char()
    short_address = fields.Char(
        string="Short National Address", help="Four letters and four digits."
    )
    location = fields.Char(
        help="Where a place or water point is: coordinates, or a link to a map."
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        default=lambda self: self.env.lang,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
        readonly=True,
        groups="beneficiary_relations.group_officer",
    )
    portal_user_ids = fields.Many2many(
        "res.users",
        "beneficiary_portal_user_rel",
        "beneficiary_id",
        "user_id",
        string="Portal Users",
        copy=False,
        groups="beneficiary_relations.group_officer",
        help="The person's own logins. People who act for the person are entered as "
        "representatives.",
    )
    representative_ids = fields.One2many(
        "beneficiary.representative",
        "beneficiary_id",
        string="Representatives",
        tracking=True,
    )

    _phone_index = models.Index("(company_id, phone) WHERE phone IS NOT NULL")
    _phone2_index = models.Index("(company_id, phone2) WHERE phone2 IS NOT NULL")
    _partner_unique = models.UniqueIndex(
        "(company_id, partner_id) WHERE partner_id IS NOT NULL",
        "This contact already has a file in the association.",
    )

    def write(self, vals):
        reached = {file: file._get_addresses() for file in self}
        is_named = "portal_user_ids" in vals
        former = {file: file.sudo().portal_user_ids for file in self if is_named}
        result = super().write(vals)
        if CONTACT_FIELDS & vals.keys():
            self._update_contacts()
        self.filtered(
            lambda file: file._get_addresses() != reached[file]
        )._tell_accounts_of_new_address()
        if is_named:
            self._update_open_studies()
            self._note_portal_users()
        for file, accounts in former.items():
            if accounts != file.sudo().portal_user_ids:
                file._void_portal_links()
            if parted := accounts - file.sudo().portal_user_ids:
                file.sudo().is_portal_closed = True  # as voiding links
                parted._leave_association(file.company_id)
        return result

    def _get_addresses(self):
        """Return the stored e-mail and telephone, empty texts where unknown."""
        return [self[name] or "" for name in sorted(ADDRESS_FIELDS)]

    def _note_portal_users(self):
        """Note the portal followers in the chatter when a user changed them by hand."""
        if self.env.su:
            return
        for file in self:
            names = self._list_words(file.sudo().portal_user_ids.mapped("name"))
            file._message_log(
                body=self.env._(
                    "The accounts that follow this file on the portal: %(names)s",
                    names=names or "-",
                )
            )

    def _update_open_studies(self):
        """Recuse members with a new interest in these files from open studies (R19)."""
        # Only the addon writes ballots, and most users may not read open studies.
        self.env["beneficiary.decision"].sudo().search(
            Domain("state", "=", "open")
            & Domain("request_id.beneficiary_id", "in", self.ids)
        )._refresh_ballots()

    # -- the contact behind the file ---------------------------------------------------

    def _get_or_create_contacts(self):
        """Give each file the hidden contact that messages and the portal need.

        The addresses of known contacts are brought up to date: the period of a
        guardian begins and ends by date, without any action of a user.
        """
        files = self.sudo().filtered(lambda file: not file.partner_id)
        (self - files)._update_contacts()
        contacts = files.env["res.partner"].create(
            [
                {
                    **file._prepare_contact_vals(),
                    "company_id": file.company_id.id,
                    "is_beneficiary_contact": True,
                }
                for file in files
            ]
        )
        files._write_each([{"partner_id": contact.id} for contact in contacts])
        return self.sudo().partner_id

    def _update_contacts(self):
        """Copy the files' values to their contacts.

        An account stays at its address (R43). If somebody signs in with the contact,
        the account keeps this contact, and the file gets a new one for its new e-mail
        or telephone.
        """
        for file in self.sudo().filtered("partner_id"):  # officers may not write them
            contact = file.partner_id.with_context(active_test=False)
            vals = file._prepare_contact_vals()
            changed = {
                name: value
                for name, value in vals.items()
                if (contact[name] or False) != (value or False)
            }
            if ADDRESS_FIELDS & changed.keys() and contact.user_ids:
                file._part_from_account()
            elif changed:
                contact.write(changed)

    def _part_from_account(self):
        """Leave the present contact to its account, and make a new one for the file."""
        self._write_each([{"partner_id": False}] * len(self))
        self._get_or_create_contacts()

    def _prepare_contact_vals(self):
        self.ensure_one()
        return {
            **{name: self[name] for name in CONTACT_FIELDS},
            **self._get_contact_addresses(),
        }

    # -- portal ------------------------------------------------------------------------

    @api.model
    def _get_portal_files(self):
        """Return, as superuser, the files that the acting user may follow."""
        return self.sudo().browse(self._search_portal_files())

    @api.model
    def _search_portal_files(self):
        """Return the query for the files that the acting user may follow.

        Two indexed look-ups, united: an "or" between them would read every file.
        """
        user = self.env.user
        files = self.sudo()  # applicants may not read who follows which file
        follows = self._fields["portal_user_ids"]
        own = SQL(
            "SELECT %s FROM %s WHERE %s = %s",
            SQL.identifier(follows.column1),
            SQL.identifier(follows.relation),
            SQL.identifier(follows.column2),
            user.id,
            to_flush=follows,
        )
        agents = files.env["beneficiary.representative"]
        companies = self.env["res.company"].sudo().browse(user._get_company_ids())
        associations = companies.grouped(
            lambda company: company._get_beneficiary_today()
        )
        acting = agents._search(
            Domain("user_id", "=", user.id)
            & Domain.OR(
                Domain("company_id", "in", some.ids) & agents._get_acting_domain(today)
                for today, some in associations.items()
            )
        )
        followed = SQL(
            "%s UNION %s",
            own,
            acting.subselect(SQL.identifier(acting.table, "beneficiary_id")),
        )
        return files._search(
            Domain("id", "in", followed)
            & Domain("company_id", "in", companies.ids)
            & Domain("state", "!=", file_flow.DECEASED),
            order=self._order,
        )

    @api.constrains("portal_user_ids")
    def _check_portal_users(self):
        for file in self:
            file._check_accounts(file.sudo().portal_user_ids)

    def _check_accounts(self, users):
        """Raise if the acting user may not name ``users`` on this file (R43).

        They are named as the person's own accounts or as a representative's.
        """
        self._check_no_staff(users)
        # Constraints run as superuser: ``sudo(False)`` returns to the acting user.
        if self.sudo(False).env.su or self.env.user._is_portal():
            return
        company = self.sudo().company_id
        if any(user.share and company not in user.company_ids for user in users.sudo()):
            raise ValidationError(
                self.env._(
                    "This account does not belong to the association. Use “Invite to "
                    "the Portal”: the person is asked by e-mail."
                )
            )

    @api.model
    def _check_no_staff(self, users):
        """Raise if anyone but a manager names a colleague on a file.

        An applicant has no vote on the file's requests. Without this check anybody
        could take away a colleague's vote.
        """
        roles = self.env.user._get_beneficiary_roles()
        if flow.MANAGER not in roles and any(not user.share for user in users.sudo()):
            raise ValidationError(
                self.env._(
                    "A manager connects a colleague's own account to a file. Choose a "
                    "portal user."
                )
            )

    def _get_portal_users(self):
        """Return the accounts that follow these files now.

        These are the persons' own, and those of representatives who act at present.
        Nobody follows the file of a person who has died.
        """
        files = self.sudo().filtered(lambda file: not file._is_deceased())
        acting = files.representative_ids._filter_acting()
        return files.portal_user_ids | acting.user_id

    def _get_all_accounts(self):
        """Return the persons' own accounts and those of all their representatives.

        Representatives of the past and of the future are included.
        """
        files = self.sudo()
        return files.portal_user_ids | files.representative_ids.user_id

    def _get_interested_users(self):
        """Return the users with an interest in these files.

        They verify nothing and decide nothing there. Besides the portal followers
        these are colleagues whose own contact is the file's: they have an interest,
        but it gives them no access.
        """
        files = self.sudo()
        acting = files.representative_ids._filter_acting()
        return files.portal_user_ids | acting.user_id | files.partner_id.user_ids

    def _get_mail_author(self, email):
        """Return the contact that wrote from ``email``, or False.

        Known addresses are the file's own, those of accounts that follow it now, and
        those of the guardians whom its notices reach.
        """
        if not email:
            return False
        for user in self._get_portal_users():
            if user.email_normalized == email:
                return user.partner_id
        guardians = [person for file in self for person in file._get_guardians()]
        known = [self.email, *(person.email for person in guardians)]
        if email in map(email_normalize, known):
            return self._get_or_create_contacts()
        return False

    def _is_reached_online(self):
        """Whether a notice on the portal reaches the person: by page, or by e-mail."""
        self.ensure_one()
        return bool(self.notice_email or self._get_portal_users())
