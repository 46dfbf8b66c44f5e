from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ...rules import arabic, flow, identity
from ..mixins.typed_search_mixin import trigram_index

# Number of earlier contacts that the form shows beside a new contact.
RECENT = 5
# Up to so many requests are looked up first, and their contacts found by an index.
# If a number fits more requests, the list is soon full by its order.
MOST_REQUESTS = 1000


class InteractionParty(models.Model):
    """The person of a contact: a file, or notes about an unknown visitor (R41).

    The number and address of a visitor are stored in one standard form, so that the
    person can be found again. :meth:`action_make_file` makes a file from them.
    """

    _name = "beneficiary.interaction"
    _inherit = ["beneficiary.interaction", "beneficiary.known.mixin"]
    _known_fields = ("party_phone",)
    _number_fields = frozenset(["letter_number", "answer_letter_number", "number"])
    _word_fields = frozenset(["subject"])

    party_kind = fields.Selection(
        [
            ("beneficiary", "Beneficiary"),
            ("supporter", "Supporter"),
            ("volunteer", "Volunteer"),
            ("visitor", "Visitor Not Yet Known"),
        ],
        string="Party",
        required=True,
        compute="_compute_party_kind",
        store=True,
        readonly=False,
        precompute=True,
    )
    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary",
        string="File",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        related="beneficiary_id.partner_id",
        groups="beneficiary_relations.group_officer",
    )
    party_name = fields.Char(string="Name")
    party_phone = fields.Char(string="Telephone", index="btree_not_null")
    party_email = fields.Char(string="E-mail", index="btree_not_null")
    person = fields.Char(
        string="Person Concerned", compute="_compute_person", search="_search_person"
    )
    # The search key of the file, or of what is noted about a visitor.
    party_key = fields.Char(
        compute="_compute_party_key",
        store=True,
        prefetch=False,
        groups=fields.NO_ACCESS,
    )
    recent_interaction_ids = fields.Many2many(
        "beneficiary.interaction",
        compute="_compute_history",
        string="Last Interactions",
    )
    open_request_ids = fields.Many2many(
        "beneficiary.request", compute="_compute_history", string="Open Requests"
    )

    _party_key_trigram = trigram_index("party_key")
    _letter_trigram = trigram_index("letter_number", where="letter_number IS NOT NULL")
    _answer_letter_trigram = trigram_index(
        "answer_letter_number", where="answer_letter_number IS NOT NULL"
    )
    _number_trigram = trigram_index("number", where="number IS NOT NULL")
    _subject_trigram = trigram_index("subject")

    # -- computed ----------------------------------------------------------------------

    @api.depends(
        "beneficiary_id.search_key", "party_name", "party_phone", "party_email"
    )
    def _compute_party_key(self):
        for interaction in self:
            if file := interaction.beneficiary_id:
                interaction.party_key = file.search_key
                continue
            phone = interaction.party_phone
            words = [
                interaction.party_name,
                phone and identity.phone_forms(phone),
                interaction.party_email,
            ]
            interaction.party_key = arabic.search_key(" ".join(filter(None, words)))

    @api.depends("beneficiary_id")
    def _compute_party_kind(self):
        """With a file, the default is beneficiary; without a file, it is visitor."""
        for interaction in self:
            if interaction.beneficiary_id:
                known = interaction.party_kind not in (False, "visitor")
                interaction.party_kind = (
                    interaction.party_kind if known else "beneficiary"
                )
            elif interaction.party_kind in (False, "beneficiary"):
                interaction.party_kind = "visitor"

    @api.depends("beneficiary_id", "party_name")
    def _compute_person(self):
        for interaction in self:
            file = interaction.beneficiary_id
            interaction.person = file.display_name if file else interaction.party_name

    def _search_person(self, operator, value):
        """Find by what finds the file, or by the notes about a visitor (R44)."""
        if operator not in ("ilike", "like") or not isinstance(value, str):
            return NotImplemented
        return self._get_key_domain("party_key", value)

    @api.model
    def _search_display_name(self, operator, value):
        """Find by subject, by person, by the number of the request or of a letter."""
        found = super()._search_display_name(operator, value)
        if operator not in ("ilike", "like") or not value:
            return found
        for name in sorted(self._number_fields):
            found |= Domain(name, "ilike", arabic.number_line(value))
        return (
            found | Domain("person", "ilike", value) | self._get_request_domain(value)
        )

    @api.model
    def _get_request_domain(self, value):
        """Return the domain of the contacts about requests with this number.

        The person of the request is the person of the contact.
        """
        requests = self.env["beneficiary.request"]
        numbers = requests._get_numbers_domain(value)
        found = requests.search(numbers, limit=MOST_REQUESTS + 1, order="id")
        if len(found) > MOST_REQUESTS:
            return Domain("request_id", "any", numbers)
        return Domain("request_id", "in", found.ids)

    @api.depends("beneficiary_id")
    def _compute_history(self):
        """Show the person's last contacts and open requests that the user may read."""
        for interaction in self:
            file = interaction.beneficiary_id._origin
            mine = Domain("beneficiary_id", "=", file.id) if file else Domain.FALSE
            interaction.recent_interaction_ids = self.search(
                mine & Domain("id", "!=", interaction._origin.id), limit=RECENT
            )
            interaction.open_request_ids = self.env["beneficiary.request"].search(
                mine & Domain("state", "not in", list(flow.CLOSED)), limit=RECENT
            )

    # -- constraints -------------------------------------------------------------------

    @api.constrains("beneficiary_id", "request_id")
    def _check_request(self):
        for interaction in self.filtered("request_id"):
            if interaction.request_id.beneficiary_id != interaction.beneficiary_id:
                raise ValidationError(
                    self.env._(
                        "The request %(request)s belongs to another file. Choose the "
                        "file of the request, or another request.",
                        request=interaction.request_id.name,
                    )
                )

    @api.constrains("party_kind", "beneficiary_id", "party_name")
    def _check_party(self):
        for interaction in self.filtered(lambda contact: not contact.beneficiary_id):
            if not interaction.party_name:
                raise ValidationError(
                    self.env._("Choose a file, or write the person's name.")
                )
            if interaction.party_kind == "beneficiary":
                raise ValidationError(
                    self.env._(
                        "A beneficiary has a file. Choose it, or log the person as a "
                        "visitor."
                    )
                )

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._normalise(dict(vals)) for vals in vals_list])

    def write(self, vals):
        return super().write(self._normalise(dict(vals)))

    @api.model
    def _normalise(self, vals):
        """Put numbers and addresses of ``vals`` into their standard form (R44)."""
        files = self.env["beneficiary.beneficiary"]
        if vals.get("party_phone"):
            vals["party_phone"] = files._clean("phone", vals["party_phone"])
        if email := arabic.without_marks(str(vals.get("party_email") or "")).strip():
            # The mail gateway stores a valid address of a sender as it is.
            if not (self.env.su and email == email_normalize(email)):
                email = files._clean("email", email)
            vals["party_email"] = email
        return vals

    # -- actions -----------------------------------------------------------------------

    def action_make_file(self):
        """Begin a file for the visitor, linked to this contact."""
        self.ensure_one()
        self.check_access("write")
        if self.beneficiary_id:
            return self.beneficiary_id.get_formview_action()
        return {
            "type": "ir.actions.act_window",
            "res_model": "beneficiary.beneficiary",
            "views": [(False, "form")],
            "context": {
                "default_name": self.party_name,
                "default_phone": self.party_phone,
                "default_email": self.party_email,
                "default_branch_id": self.branch_id.id,
                "default_company_id": self.company_id.id,
                "default_interaction_ids": [(4, self.id)],
            },
        }

    # -- the WhatsApp message to this person -------------------------------------------

    def _prepare_whatsapp_vals(self):
        return {**self._prepare_follow_up_vals(), "delegate_id": False}

    def _get_whatsapp_phone(self):
        if self.beneficiary_id:
            return self.beneficiary_id._get_whatsapp_phone() or self.party_phone
        return self.party_phone

    def _get_whatsapp_text(self):
        about = self.request_id or self.beneficiary_id
        if about:
            return about._get_whatsapp_text()
        company = self.company_id.sudo()
        return self.with_context(lang=company._get_beneficiary_lang()).env._(
            "Peace be upon you, %(name)s. This is %(association)s.",
            name=self.party_name,
            association=company.name,
        )
