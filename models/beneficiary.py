from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ..rules import arabic, identity

KINDS = [
    ("person", "Person"),
    ("family", "Family"),
    ("member", "General-Assembly Member"),
    ("group", "Group"),
    ("place", "Place"),
    ("animal", "Animals or Water Point"),
    ("organisation", "Organisation"),
    ("department", "Department"),
]
# Kinds that nobody can sign for: their declaration is "not applicable" (R32).
UNSIGNED_KINDS = {"group", "place", "animal"}
# Kinds that are one human being, with an identity number of their own.
PERSON_KINDS = {"person", "family", "member"}
# Written by the addon itself, never by hand.
KEPT_FIELDS = frozenset(["partner_id", "file_number"])
PORTAL_FIELDS = frozenset(["id", "display_name", "name", "file_number", "active"])


class Beneficiary(models.Model):
    """The file of a person, family, place or body that an association serves.

    The file owns its name, telephone, e-mail and address: any internal user may
    read contacts, and these are people in need. A contact is made only when the
    portal or messages need one, follows the file one way, and is hidden from
    staff outside the addon's groups.

    :Who may: officers write all files of the association, delegates those of
        their branches; researchers and auditors read; committee members read the
        files of requests before them; portal users read a few fields of the
        files they are named on.
    :States: new -> active <-> suspended; closed.
    """

    _name = "beneficiary.beneficiary"
    _inherit = [
        "beneficiary.file.verification",
        "beneficiary.duplicate.finder",
        "beneficiary.file.merge",
        "beneficiary.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Beneficiary file"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    file_number = fields.Char(readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(KINDS, required=True, default="person")
    state = fields.Selection(
        [
            ("new", "New"),
            ("active", "Active"),
            ("suspended", "Suspended"),
            ("closed", "Closed"),
        ],
        default="new",
        required=True,
        copy=False,
        tracking=True,
    )
    identity_type = fields.Selection(
        [
            ("national", "National Identity"),
            ("iqama", "Resident Identity (Iqama)"),
            ("other", "Other"),
        ],
        default="national",
    )
    identity_number = fields.Char(copy=False)
    birth_date = fields.Date()
    phone = fields.Char(copy=False)
    email = fields.Char(copy=False)
    street = fields.Char()
    city = fields.Char()
    short_address = fields.Char(
        string="Short National Address", help="Four letters and four digits."
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        default=lambda self: self.env.lang,
    )
    headcount = fields.Integer(
        help="How many people a group is, where names are not kept."
    )
    branch_id = fields.Many2one(
        "beneficiary.branch", check_company=True, index="btree_not_null"
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
        help="Who may follow this file on the portal: the person, or a guardian.",
    )
    document_ids = fields.One2many(
        "beneficiary.document", "beneficiary_id", string="Documents"
    )
    request_ids = fields.One2many(
        "beneficiary.request", "beneficiary_id", string="Requests"
    )
    request_count = fields.Integer(compute="_compute_counts")
    interaction_count = fields.Integer(compute="_compute_counts")
    search_key = fields.Char(
        compute="_compute_search_key",
        store=True,
        prefetch=False,
    )
    active = fields.Boolean(default=True)

    _identity_unique = models.UniqueIndex(
        "(company_id, identity_number) WHERE identity_number IS NOT NULL",
        "A file with this identity number already exists in the association.",
    )
    _phone_index = models.Index("(company_id, phone) WHERE phone IS NOT NULL")
    _partner_unique = models.UniqueIndex(
        "(company_id, partner_id) WHERE partner_id IS NOT NULL",
        "This contact already has a file in the association.",
    )
    _file_number_unique = models.UniqueIndex(
        "(company_id, file_number) WHERE file_number != '/'",
        "A file with this number already exists.",
    )
    # Without the extension pg_trgm people are found all the same, more slowly.
    _search_key_trigram = models.Index(
        lambda registry: (
            "USING gin (search_key gin_trgm_ops)" if registry.has_trigram else ""
        )
    )
    _name_order = models.Index("(company_id, name, id) WHERE active")

    @api.depends("name", "file_number")
    def _compute_display_name(self):
        for file in self:
            number = f"[{file.file_number}] " if file.file_number != "/" else ""
            file.display_name = f"{number}{file.name or ''}"

    def _compute_counts(self):
        asked = dict(
            self.env["beneficiary.request"]._read_group(
                [("beneficiary_id", "in", self.ids)], ["beneficiary_id"], ["__count"]
            )
        )
        interactions = dict(
            self.env["beneficiary.interaction"]._read_group(
                [("beneficiary_id", "in", self.ids)], ["beneficiary_id"], ["__count"]
            )
        )
        for file in self:
            file.request_count = asked.get(file, 0)
            file.interaction_count = interactions.get(file, 0)

    @api.depends(
        "name", "file_number", "identity_number", "phone", "email", "former_numbers"
    )
    def _compute_search_key(self):
        for file in self:
            phone = file.phone or ""
            # +9665… is also looked for as 05…
            local = "0" + phone[4:] if phone.startswith("+966") else ""
            parts = [file.name, file.file_number, file.identity_number, phone, local]
            file.search_key = arabic.search_key(
                " ".join(filter(None, [*parts, file.email, file.former_numbers]))
            )

    @api.model
    def _search_display_name(self, operator, value):
        """Find by name, file number, identity number or telephone, in any form."""
        if operator not in ("ilike", "like", "=ilike", "=like") or not value:
            return super()._search_display_name(operator, value)
        key = arabic.search_key(value)
        domain = Domain("search_key", "like", key)
        # What is not a telephone number is looked for as words alone.
        with suppress(identity.IdentityError):
            domain |= Domain("search_key", "like", identity.phone(value))
        return domain

    # -- values that people type -------------------------------------------------------

    @api.constrains("identity_number", "identity_type")
    def _check_identity_number(self):
        kinds = {"national": "1", "iqama": "2"}
        for file in self.filtered("identity_number"):
            if file.identity_type in kinds:
                self._clean("identity_number", file.identity_number)
                if file.identity_number[0] != kinds[file.identity_type]:
                    raise ValidationError(
                        self.env._(
                            "A national identity number begins with 1, a resident's "
                            "with 2. Check the number %(number)s or the type.",
                            number=file.identity_number,
                        )
                    )

    @api.constrains("kind", "headcount")
    def _check_headcount(self):
        for file in self:
            if file.headcount < 0:
                raise ValidationError(self.env._("A headcount cannot be negative."))

    @api.model
    def _clean(self, name, value):
        """Return ``value`` of field ``name`` in its one written form (R44).

        :raise ValidationError: with what to do, when the value cannot be right
        """
        cleaners = {
            "identity_number": identity.national_identity,
            "phone": identity.phone,
            "short_address": identity.short_address,
        }
        try:
            return cleaners[name](value)
        except identity.IdentityError as error:
            raise ValidationError(self._get_identity_message(name, value)) from error

    @api.model
    def _get_identity_message(self, name, value):
        messages = {
            "identity_number": self.env._(
                "“%(value)s” is not a national identity or residence number. It has "
                "10 digits and begins with 1 or 2; compare it with the card.",
                value=value,
            ),
            "phone": self.env._(
                "“%(value)s” is not a telephone number. Write a Saudi mobile as "
                "05XXXXXXXX, or any number with its country code.",
                value=value,
            ),
            "short_address": self.env._(
                "“%(value)s” is not a short national address. It has four letters "
                "and four digits, for example ABCD1234.",
                value=value,
            ),
        }
        return messages[name]

    @api.model
    def _normalise(self, vals, identity_type=None):
        """Put identifiers of ``vals`` into their one written form (R44)."""
        for name in ("phone", "short_address"):
            if vals.get(name):
                vals[name] = self._clean(name, vals[name])
        if vals.get("identity_number"):
            if vals.get("identity_type", identity_type) == "other":
                number = arabic.ascii_digits(vals["identity_number"])
                vals["identity_number"] = number.strip()
            else:
                vals["identity_number"] = self._clean(
                    "identity_number", vals["identity_number"]
                )
        return vals

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_kept_vals(vals)
        vals_list = [self._normalise(dict(vals)) for vals in vals_list]
        self._assign_file_numbers(vals_list)
        files = self._without_defaults(KEPT_FIELDS)
        return super(Beneficiary, files).create(vals_list)

    def write(self, vals):
        self._refuse_kept_vals(vals)
        result = super().write(self._normalise(dict(vals), self[:1].identity_type))
        if {"name", "phone", "email", "street", "city", "lang"} & vals.keys():
            self._update_contacts()
        return result

    def _refuse_kept_vals(self, vals):
        """Refuse what the addon keeps itself: whoever chose the contact of a file
        could change anybody's name and e-mail through it."""
        if not self.env.su and KEPT_FIELDS & vals.keys():
            raise AccessError(
                self.env._(
                    "The contact and the number of a file are not written by hand."
                )
            )

    @api.model
    def _assign_file_numbers(self, vals_list):
        by_company = {}
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            by_company.setdefault(company, []).append(vals)
        for company, company_vals in by_company.items():
            numbers = (
                self.env["ir.sequence"]
                .with_company(company)
                ._next_by_code_batch("beneficiary.beneficiary", len(company_vals))
            )
            for vals, number in zip(company_vals, numbers, strict=True):
                vals["file_number"] = number

    def _can_sign(self):
        """Whether someone can sign a declaration for this file (R16, R32)."""
        return self.kind not in UNSIGNED_KINDS

    @api.model
    def _get_person_kinds(self):
        """Return the kinds that may be one human being under two names."""
        return tuple(sorted(PERSON_KINDS))

    # -- the contact behind the file ---------------------------------------------------

    def _get_or_create_contacts(self):
        """Give each file the hidden contact that messages and the portal need."""
        for file in self.sudo().filtered(lambda file: not file.partner_id):
            file.partner_id = (
                self.env["res.partner"]
                .sudo()
                .create(
                    {
                        **file._prepare_contact_vals(),
                        "company_id": file.company_id.id,
                        "is_beneficiary_contact": True,
                    }
                )
            )
        return self.sudo().partner_id

    def _update_contacts(self):
        for file in self.sudo().filtered("partner_id"):  # officers hold no contacts
            file.partner_id.write(file._prepare_contact_vals())

    def _prepare_contact_vals(self):
        self.ensure_one()
        return {
            "name": self.name,
            "phone": self.phone,
            "email": self.email,
            "street": self.street,
            "city": self.city,
            "lang": self.lang,
        }

    # -- actions -----------------------------------------------------------------------

    def action_view_requests(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.request_action"
        )
        action["domain"] = [("beneficiary_id", "=", self.id)]
        action["context"] = {"default_beneficiary_id": self.id}
        return action

    def action_view_interactions(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.interaction_action"
        )
        action["domain"] = [("beneficiary_id", "=", self.id)]
        action["context"] = {"default_beneficiary_id": self.id}
        return action

    # -- access ------------------------------------------------------------------------

    def _has_field_access(self, field, operation):
        """Portal users read the few fields of their file that pages show."""
        if not super()._has_field_access(field, operation):
            return False
        if self.env.su or not self.env.user._is_portal():
            return True
        return operation == "read" and field.name in PORTAL_FIELDS

    # -- portal ------------------------------------------------------------------------

    @api.model
    def _get_portal_files(self):
        """Return the files that the acting user may follow on the portal."""
        user = self.env.user
        own = Domain("portal_user_ids", "in", user.ids) | Domain(
            "partner_id", "=", user.partner_id.id
        )
        return self.sudo().search(
            own & Domain("company_id", "in", user.company_ids.ids)
        )

    def _get_portal_users(self):
        """Return who follows these files: the persons themselves and guardians."""
        files = self.sudo()
        return files.portal_user_ids | files.partner_id.user_ids

    def action_grant_portal_access(self):
        """Invite the person to the portal, with Odoo's own wizard."""
        self.ensure_one()
        self.check_access("write")
        if not self.email:
            raise ValidationError(
                self.env._(
                    "Write the person's e-mail first: the invitation goes there."
                )
            )
        partner = self._get_or_create_contacts()
        wizard = (
            self.env["portal.wizard"]
            .sudo()
            .create({"partner_ids": [(6, 0, partner.ids)]})
        )
        return wizard._action_open_modal()
