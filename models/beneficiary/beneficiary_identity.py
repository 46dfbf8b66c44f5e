from collections import defaultdict
from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...rules import arabic, identity
from ..mixins.identity_mixin import UNIQUE_NUMBER
from ..mixins.typed_search_mixin import trigram_index

# Most files that are named while a number is typed.
MOST_KNOWN = 5


class BeneficiaryIdentity(models.Model):
    """The identity of a file's person: its number is unique, and search finds it.

    Search also finds a file by the numbers of its dependants and representatives, by
    the telephone of a representative, and by numbers that one of them had before.
    """

    _inherit = "beneficiary.beneficiary"
    _rec_names_search = ["name", "file_number", "identity_number"]
    _number_fields = frozenset(["registration_number"])
    # An identity number of another file is looked for by ``beneficiary_duplicate``.
    _known_fields = ("phone", "phone2")

    birth_date = fields.Date(tracking=True)
    identity_type = fields.Selection(tracking=True)
    identity_number = fields.Char(tracking=True)
    nationality_id = fields.Many2one(tracking=True)
    registration_number = fields.Char(
        copy=False,
        tracking=True,
        help="Licence or commercial registration of an organisation.",
    )
    headcount = fields.Integer(
        help="Number of people in a group whose names are not recorded."
    )
    gender = fields.Selection([("female", "Female"), ("male", "Male")], tracking=True)
    marital_state = fields.Selection(
        [
            ("single", "Single"),
            ("married", "Married"),
            ("divorced", "Divorced"),
            ("widowed", "Widowed"),
            ("abandoned", "Left by the Spouse"),
        ],
        string="Marital Status",
        tracking=True,
    )
    sponsor_name = fields.Char(
        string="Sponsor", help="The person or establishment on the residence permit."
    )
    sponsor_number = fields.Char(
        help="The sponsor's identity number, or the number of the establishment (700…)."
    )
    search_key = fields.Char(
        compute="_compute_search_key",
        store=True,
        prefetch=False,
        groups=fields.NO_ACCESS,
    )

    _identity_unique = models.UniqueIndex(
        f"(company_id, {UNIQUE_NUMBER}) WHERE identity_number IS NOT NULL",
        "A file with this identity number already exists in the association.",
    )
    _search_key_trigram = trigram_index("search_key")

    _former_numbers_index = models.Index(
        "USING gin (string_to_array(former_numbers, ' '))"
        " WHERE former_numbers IS NOT NULL"
    )

    @api.depends(
        "name",
        "file_number",
        "identity_number",
        "phone",
        "phone2",
        "email",
        "former_numbers",
        "household_member_ids.active",
        "household_member_ids.identity_number",
        "household_member_ids.former_numbers",
        "representative_ids.phone",
        "representative_ids.identity_number",
        "representative_ids.former_numbers",
    )
    def _compute_search_key(self):
        for file in self:
            members, speakers = file.household_member_ids, file.representative_ids
            phones = {file.phone, file.phone2, *speakers.mapped("phone")} - {False}
            numbers = map(identity.phone_forms, sorted(phones))
            kin = members._get_known_numbers() | speakers._get_known_numbers()
            words = [file.name, file.file_number, file.identity_number, *numbers]
            words += [file.email, file.former_numbers, *sorted(kin)]
            file.search_key = arabic.search_key(" ".join(filter(None, words)))

    @api.model
    def _search_display_name(self, operator, value):
        """Find by name, file number, identity number or telephone, in any form.

        The words of a name may come in any order, and some of them may be left out.
        """
        if operator == "in":  # an import refers to a file by one of these values
            lines = {arabic.number_line(name) for name in value if name}
            numbers = {identity.any_number(name) for name in value if name}
            present = super()._search_display_name(operator, {*value, *lines, *numbers})
            return present | self._get_former_domain({*lines, *numbers}, present)
        if operator not in ("ilike", "like", "=ilike", "=like") or not value:
            return super()._search_display_name(operator, value)
        return self._get_key_domain("search_key", value)

    @api.model
    def _get_former_domain(self, numbers, present):
        """Return the domain of files that had a number which no file has now.

        :param numbers: numbers in their stored form
        :param present: the domain of the files that have one of them now
        """
        if not any(any(map(str.isdigit, number)) for number in numbers):
            return Domain.FALSE  # names
        former = self._find_former_numbers(numbers)
        if not former or self.search_count(present, limit=1):
            return Domain.FALSE
        return Domain("id", "in", [file.id for file in former.values()])

    @api.model
    def _find_by_numbers(self, company, numbers):
        """Return the files, as superuser, that have one of these numbers.

        :param company: the association
        :param numbers: telephone or identity numbers, as they were typed
        """
        written, phones = set(), set()
        for typed in filter(None, numbers):
            written.add(identity.any_number(typed))
            with suppress(identity.IdentityError):
                phones.add(identity.phone(typed))
        if not written:
            return self.sudo()
        return self.sudo().search(
            Domain("company_id", "=", company.id)
            & (
                Domain("identity_number", "in", list(written))
                | Domain("phone", "in", list(phones))
                | Domain("phone2", "in", list(phones))
            ),
            limit=MOST_KNOWN,
        )

    def _get_own_files(self):
        return self._origin

    def _has_no_identity(self):
        """Whether the file is about a person who has no identity, and says why."""
        return self.identity_type == "none" and self._is_person()

    def _get_identity_substitutes(self):
        """Return the kinds of paper that stand in for this person's identity."""
        kinds = self.env["beneficiary.document.type"].sudo()  # applicants read none
        return kinds._get_substitutes(self.company_id)

    @api.constrains("headcount")
    def _check_headcount(self):
        for file in self:
            if file.headcount < 0:
                raise ValidationError(self.env._("A headcount cannot be negative."))

    def _refuse_known_identities(self, vals_list):
        """Refuse an identity number that another file of the association has.

        The message names the other file if the user may read it. Otherwise it only
        says that there is one, and whom to ask. The unique index refuses the same
        number when two users save it at the same moment.
        """
        here = self.company_id.ids or self.env.company.ids
        wanted = defaultdict(list)
        for vals in vals_list:
            number = vals.get("identity_number")
            if {"identity_type", "nationality_id"} & vals.keys():
                number = vals.get("identity_number", self[:1].identity_number)
            if number:
                kind = vals.get("identity_type", self[:1].identity_type)
                state = vals.get("nationality_id", self[:1].nationality_id.id)
                company = vals.get("company_id")
                for company_id in [company] if company else here:
                    wanted[company_id].append((number, kind, state))
        for company, numbers in wanted.items():
            if known := self._search_identities(company, numbers)[:1]:
                raise ValidationError(self._get_known_identity_message(known))

    def _search_identities(self, company_id, numbers):
        """Return the other files, as superuser, with one of these identity numbers.

        :param numbers: (number in its stored form, type, id of the nationality)
        """
        return (
            self.sudo()  # a user who may not read it learns only that there is one
            .with_context(active_test=False)
            .search(
                Domain("company_id", "=", company_id)
                & Domain("id", "not in", self._origin.ids)
                & self._get_person_domain(numbers),
                limit=1,
            )
        )

    def _get_known_identity_message(self, known_sudo):
        if known_sudo.merged_into_id:
            return self._get_merged_identity_message(known_sudo)
        if known := self.browse(known_sudo.id)._filtered_access("read"):
            return self.env._(
                "The identity number %(number)s already has the file %(file)s. Open "
                "that file instead.",
                number=known.identity_number,
                file=known.display_name,
            )
        return self.env._(
            "A file with this identity number already exists in the association, and "
            "you may not open it. Ask the manager for access."
        )

    def _get_merged_identity_message(self, merged_sudo):
        """Return what to do with the number of a file that was merged."""
        survivor = self.browse(merged_sudo.merged_into_id.id)._filtered_access("read")
        if not survivor:
            return self.env._(
                "A file with this identity number was merged into another file of the "
                "association, and you may not open it. Ask the manager for access."
            )
        return self.env._(
            "The identity number %(number)s belongs to the file %(file)s, which was "
            "merged into %(survivor)s. Open the file that stays. If they were merged "
            "by mistake, a manager empties the identity number on the archived file "
            "%(file)s first.",
            number=merged_sudo.identity_number,
            file=merged_sudo.display_name,
            survivor=survivor.display_name,
        )
