from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...rules import flow
from ...rules.file_flow import STATE_FIELDS
from ..association.res_company_sequence import FILE

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
# Kinds of file about one human being, who has an identity number.
PERSON_KINDS = {"person", "family", "member"}
# Written by the addon itself, never by hand.
KEPT_FIELDS = STATE_FIELDS | {
    "partner_id",
    "file_number",
    "source",
    "newcomer_need",
}


class Beneficiary(models.Model):
    """The file of a person, family, place or body that an association serves.

    The name, telephone, e-mail and address are stored on the file and not on a
    contact: any internal user may read contacts, and these are people in need. A
    contact is made only when the portal or messages need one. The file's values are
    copied to its contact, never back, and the contact is hidden from staff outside
    the addon's groups.

    :Who may: officers write all files of the association, delegates those of
        their branches; researchers and auditors read; committee members read the
        files of requests before them; portal users read a few fields of the
        files they are named on. Income and bank data are for ``group_finance``,
        health data for ``group_health``. Officers change the state, managers close
        and reopen, as ``rules/file_flow.py`` lists it.
    :States: new -> active <-> suspended -> closed; reopened files are active. From
        every state -> deceased; a death that was recorded by mistake -> active.
    :Parts: a file each, beside this one
        ``beneficiary_identity``: identity numbers and search
        ``beneficiary_contact``: how the person is reached
        ``beneficiary_reach``: at which addresses notices reach them
        ``beneficiary_account``: the account on the portal
        ``beneficiary_signin``: an account that opens with a one-time code
        ``beneficiary_newcomer``: a file that came about on the portal
        ``beneficiary_household``: household, income, housing
        ``beneficiary_counts``: the figures on top of it
        ``beneficiary_verification``: data compared with their sources
        ``beneficiary_state``: states and review
        ``beneficiary_branch``: which files delegates read because of a request
        ``beneficiary_death``: the person has died
        ``beneficiary_succession``: another head of the household
        ``beneficiary_duplicate``: files of the same person
        ``beneficiary_duplicate_query``: the query that finds them
        ``beneficiary_merge``: two files become one
        ``beneficiary_import``: files from a sheet
        ``beneficiary_desk``: whose turn it is, and actions on many files
        ``beneficiary_persons``: nobody is listed on the own file
    """

    _name = "beneficiary.beneficiary"
    _inherit = [
        "beneficiary.pages.mixin",
        "beneficiary.person.import",
        "beneficiary.identity.mixin",
        "beneficiary.birth.mixin",
        "beneficiary.kin.mixin",
        "beneficiary.next.mixin",
        "beneficiary.flow.mixin",
        "beneficiary.archive.mixin",
        "beneficiary.sweep.mixin",
        "beneficiary.declared.mixin",
        "beneficiary.desk.mixin",
        "beneficiary.assigned.mixin",
        "beneficiary.whatsapp.mixin",
        "beneficiary.mixin",
        "beneficiary.thread.mixin",
        "mail.activity.mixin",
    ]
    _description = "Beneficiary file"
    _order = "name, id"
    _check_company_auto = True
    _has_applicant = True
    _role_fields = {"officer_id": (flow.OFFICER,)}

    name = fields.Char(required=True, tracking=True)
    file_number = fields.Char(readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(KINDS, required=True, default="person", tracking=True)
    category_ids = fields.Many2many(
        "beneficiary.category",
        "beneficiary_category_rel",
        "beneficiary_id",
        "category_id",
        string="Categories",
        check_company=True,
        tracking=True,
    )
    branch_id = fields.Many2one(
        "beneficiary.branch",
        check_company=True,
        index="btree_not_null",
        tracking=True,
        default=lambda self: self.env["beneficiary.branch"]._get_only_own(),
        domain=lambda self: self.env["beneficiary.branch"]._get_own_domain(),
    )
    notes = fields.Html(help="Only for the association; the person never sees it.")
    document_ids = fields.One2many(
        "beneficiary.document", "beneficiary_id", string="Documents"
    )
    request_ids = fields.One2many(
        "beneficiary.request", "beneficiary_id", string="Requests"
    )
    interaction_ids = fields.One2many(
        "beneficiary.interaction", "beneficiary_id", string="Interactions"
    )
    active = fields.Boolean(default=True)

    _file_number_unique = models.UniqueIndex(
        "(company_id, file_number) WHERE file_number != '/'",
        "A file with this number already exists.",
    )
    # Of archived files too: Odoo asks whether a file "is true", not whether it is.
    _name_order = models.Index("(company_id, name, id)")
    # Files that are not asked for a rating: compliance reads them all at once.
    _unasked = models.Index(
        "(id) WHERE state = 'deceased' OR kind IN ('group', 'place', 'animal')"
    )

    @api.depends("name", "file_number", "phone")
    @api.depends_context("formatted_display_name")
    def _compute_display_name(self):
        """Number and name; and the telephone, where people choose between namesakes."""
        is_choice = self.env.context.get("formatted_display_name")
        for file in self:
            number = f"[{file.file_number}] " if file.file_number != "/" else ""
            phone = f"\t--{file.phone}--" if is_choice and file.phone else ""
            file.display_name = f"{number}{file.name or ''}{phone}"

    @api.readonly
    def web_read(self, specification):
        """Read only the names of files, where a page of other records shows these."""
        if not specification:
            self.sudo().fetch(["display_name"])  # the page's rows decided who may
        return super().web_read(specification)

    @api.constrains("category_ids", "kind")
    def _check_categories(self):
        for file in self:
            kind = file.kind
            for category in file.category_ids:
                if not category._filter_by_kind(kind):
                    labels = dict(self._fields["kind"]._description_selection(self.env))
                    raise ValidationError(
                        self.env._(
                            "The category “%(category)s” does not fit a file of the "
                            "kind “%(kind)s”. Choose another category or kind.",
                            category=category.name,
                            kind=labels[kind],
                        )
                    )

    def _get_applicant_contacts(self):
        return self.sudo().partner_id | self._get_portal_users().partner_id

    def _get_told_contacts(self):
        self.sudo()._update_contacts()  # the period of a guardian ends by date
        living = self.filtered(lambda file: not file._is_deceased())
        return living._get_applicant_contacts()

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = self._check_new(vals_list)
        for vals in vals_list:
            self._refuse_kept_vals(vals)
            self._refuse_foreign_company(vals)
        self._assign_file_numbers(vals_list)
        files = self._without_defaults(KEPT_FIELDS)
        return super(Beneficiary, files).create(vals_list)

    def write(self, vals):
        self._refuse_kept_vals(vals)
        self._refuse_foreign_company(vals)
        return super().write(vals)

    def _refuse_kept_vals(self, vals):
        """Refuse values of fields that only the addon writes.

        A user who could choose a file's contact could change the name and e-mail of
        anybody: the file's values are copied to its contact.
        """
        if not self.env.su and KEPT_FIELDS & vals.keys():
            raise AccessError(
                self.env._(
                    "The state, the contact and the number of a file are not written "
                    "by hand. Use its buttons."
                )
            )

    def _refuse_foreign_company(self, vals):
        """Refuse another association before the database is asked.

        Its error on a number in use would tell that the person has a file there.
        """
        company = vals.get("company_id")
        if company and not self.env.su and company not in self.env.companies.ids:
            raise AccessError(
                self.env._("Files are kept in the association that you work in.")
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
                ._next_by_code_batch(FILE, len(company_vals))
            )
            for vals, number in zip(company_vals, numbers, strict=True):
                vals["file_number"] = number

    def _is_person(self):
        """Whether the file is about one human being, who heads the household."""
        return self.kind in PERSON_KINDS

    def _can_sign(self):
        """Whether someone can sign a declaration for this file (R16, R32)."""
        return self.kind not in UNSIGNED_KINDS

    @api.model
    def _get_person_kinds(self):
        """Return the kinds between which one person may have two files."""
        return tuple(sorted(PERSON_KINDS))

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

    # -- the link to WhatsApp ----------------------------------------------------------

    def _prepare_whatsapp_vals(self):
        return {"beneficiary_id": self.id, "company_id": self.company_id.id}

    def _get_whatsapp_phone(self):
        return not self._is_deceased() and self.notice_phone

    def _get_whatsapp_text(self):
        return self.with_context(lang=self.lang).env._(
            "Peace be upon you, %(name)s. This is %(association)s about your file "
            "%(number)s.",
            name=self.name,
            association=self.company_id.sudo().name,
            number=self.file_number,
        )
