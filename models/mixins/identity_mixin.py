from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ...rules import arabic, identity

CLEANERS = {
    "phone": identity.phone,
    "phone2": identity.phone,
    "email": identity.email,
    "short_address": identity.short_address,
    "iban": identity.iban,
    "sponsor_number": identity.sponsor_number,
}
# One number is one person: of a foreign paper together with the state that issued it.
UNIQUE_NUMBER = (
    "identity_number, (CASE WHEN identity_type IN ('gcc', 'passport')"
    " THEN nationality_id ELSE 0 END)"
)


class IdentityMixin(models.AbstractModel):
    """Identifiers of a person: checked, and kept in one written form (R44).

    The one place for files, dependants and representatives. Each model declares the
    fields of :data:`CLEANERS` that it needs.
    """

    _name = "beneficiary.identity.mixin"
    _inherit = ["beneficiary.known.mixin"]
    _description = "Identifiers of a Person"

    _known_fields = ("phone", "phone2", "identity_number")

    identity_type = fields.Selection(
        [
            ("national", "National Identity"),
            ("iqama", "Resident Identity (Iqama)"),
            ("gcc", "Identity of a Gulf State"),
            ("border", "Border Number"),
            ("passport", "Passport"),
            ("other", "Other"),
            ("none", "Without Identity"),
        ],
        default="national",
    )
    identity_number = fields.Char(copy=False)
    identity_reason = fields.Char(
        string="Why There Is No Identity",
        help="For example: born at home and not registered yet.",
    )
    nationality_id = fields.Many2one(
        "res.country",
        help="Two states may issue the same number: a passport or the identity of a "
        "Gulf state is known by its number and this country.",
    )
    former_numbers = fields.Char(
        readonly=True,
        copy=False,
        help="Identity numbers that this person had before, and numbers of files that "
        "were merged into this one. Searching for them finds this file.",
    )

    @api.constrains(
        "identity_number", "identity_type", "identity_reason", "nationality_id"
    )
    def _check_identity_number(self):
        for record in self:
            if record.identity_number:
                record._check_number()
            elif record.identity_type == "none":
                record._check_reason()

    def _check_number(self):
        if self.identity_type in identity.FOREIGN_TYPES and not self.nationality_id:
            raise ValidationError(
                self.env._(
                    "Choose the nationality as well: it says which state issued the "
                    "number %(number)s.",
                    number=self.identity_number,
                )
            )
        number = self._clean_number(
            self.identity_type, self.identity_number, self.nationality_id.code
        )
        # The type alone was changed; numbers of earlier versions may have spaces.
        if number != identity.any_number(self.identity_number):
            raise ValidationError(
                self._get_number_message("identity_malformed", self.identity_number)
            )

    def _check_reason(self):
        if not (self.identity_reason or "").strip():
            raise ValidationError(
                self.env._("Write why %(name)s has no identity.", name=self.name)
            )

    @api.onchange("identity_type")
    def _onchange_identity_type(self):
        if self.identity_type == "none":
            self.identity_number = False

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_former_numbers(vals)
        vals_list = [self._normalise(dict(vals)) for vals in vals_list]
        self._refuse_known_identities(vals_list)
        records = self._without_defaults({"former_numbers"})
        return super(IdentityMixin, records).create(vals_list)

    def write(self, vals):
        self._refuse_former_numbers(vals)
        vals = self._normalise(dict(vals), self[:1].identity_type)
        self._refuse_known_identities([vals])
        if "identity_number" not in vals:
            return super().write(vals)
        former = {record: record.identity_number for record in self}
        result = super().write(vals)
        for record, number in former.items():
            if number and number != record.identity_number:
                record._keep_former_number(number)
        return result

    def _refuse_former_numbers(self, vals):
        if not self.env.su and "former_numbers" in vals:
            raise AccessError(
                self.env._(
                    "Former numbers are kept by themselves: change the identity number."
                )
            )

    def _keep_former_number(self, number):
        """Keep a number that was replaced: people still come with the old paper."""
        kept = [*(self.former_numbers or "").split(), "".join(number.split())]
        # Users may not write it by hand.
        self.sudo().former_numbers = " ".join(dict.fromkeys(kept))

    # -- the same person in another record ---------------------------------------------

    def _get_person(self):
        """Return the number of this person, its type, and the id of the nationality."""
        return self.identity_number, self.identity_type, self.nationality_id.id

    @api.model
    def _get_person_domain(self, people):
        """Return the domain of the records of these people, of any association.

        :param people: triples, as :meth:`_get_person` returns them
        """
        foreign = list(identity.FOREIGN_TYPES)
        of_the_kingdom = [
            number for number, kind, _state in people if number and kind not in foreign
        ]
        domain = Domain("identity_number", "in", of_the_kingdom) & Domain(
            "identity_type", "not in", foreign
        )
        for number, kind, state in people:
            if number and kind in foreign:
                domain |= (
                    Domain("identity_number", "=", number)
                    & Domain("identity_type", "in", foreign)
                    & Domain("nationality_id", "=", state)
                )
        return domain

    def _find_files_by_number(self, domain=Domain.TRUE):
        """Return the file of each of these people, of the same association.

        :param domain: the files that count
        :return: ``{record: file}``; the file is empty where there is none
        """
        files = self.env["beneficiary.beneficiary"]
        people = [record._get_person() for record in self if record.identity_number]
        if people:
            files = files.search(
                Domain("company_id", "in", self.company_id.ids)
                & self._get_person_domain(people)
                & domain
            )
        known = {(file.company_id, file._get_kin().number): file for file in files}
        return {
            record: known.get(
                (record.company_id, record._get_kin().number), files.browse()
            )
            for record in self
        }

    def _get_known_numbers(self):
        """Return all identity numbers of these people, the former ones, too."""
        return {
            number
            for record in self
            for number in (
                record.identity_number,
                *(record.former_numbers or "").split(),
            )
            if number
        }

    @api.model
    def _normalise(self, vals, identity_type=None):
        """Put identifiers of ``vals`` into their one written form (R44).

        :param identity_type: the record's type, used if ``vals`` has none
        """
        for name in CLEANERS.keys() & self._fields.keys():
            if vals.get(name):
                typed = str(vals[name])  # over RPC it may be anything
                is_blank = not arabic.without_marks(typed).strip()
                vals[name] = not is_blank and self._clean(name, typed)
        self._normalise_number(vals, vals.get("identity_type", identity_type))
        return vals

    @api.model
    def _normalise_number(self, vals, kind):
        """Put the identity number of ``vals`` into the form of its type (R44)."""
        number = str(vals.get("identity_number") or "")
        if arabic.without_marks(number).strip():
            vals["identity_number"] = self._clean_number(kind, number)
        elif "identity_number" in vals or vals.get("identity_type") == "none":
            vals["identity_number"] = False
        if vals.get("identity_type", "none") != "none":
            vals["identity_reason"] = False

    def _refuse_known_identities(self, vals_list):
        """Hook: refuse identity numbers that another record already has."""

    @api.model
    def _clean(self, name, value):
        """Return ``value`` of field ``name`` in its one written form (R44).

        :raise ValidationError: says what to do, when the value cannot be right
        """
        try:
            return CLEANERS[name](value)
        except identity.IdentityError as error:
            message = (
                self._get_several_message(name, value)
                if error.code == "phone_several"
                else self._get_identity_message(name, value)
            )
            raise ValidationError(message) from error

    @api.model
    def _get_several_message(self, name, value):
        """Return the sentence for two telephone numbers in one field."""
        value = arabic.isolated(value, self.env.lang or "")
        if "phone2" in self._fields and name == "phone":
            return self.env._(
                "“%(value)s” is more than one telephone number. Write the first one "
                "here, and the second one in the field “%(field)s”.",
                value=value,
                field=self._fields["phone2"]._description_string(self.env),
            )
        return self.env._(
            "“%(value)s” is more than one telephone number. Write only one of them.",
            value=value,
        )

    @api.model
    def _clean_number(self, kind, value, country=""):
        """Return an identity number in the one written form of its type (R44).

        :raise ValidationError: says what to do, when the number cannot be right
        """
        try:
            return identity.number(kind or None, value, country or "")
        except identity.IdentityError as error:
            raise ValidationError(
                self._get_number_message(error.code, value)
            ) from error

    @api.model
    def _get_number_message(self, code, number):
        number = arabic.isolated(number or "", self.env.lang or "")
        kingdom = self.env._(
            "“%(value)s” is not a national identity or residence number. It has "
            "10 digits and begins with 1 or 2; compare it with the card.",
            value=number,
        )
        prefix = self.env._(
            "A national identity number begins with 1, a resident's "
            "with 2. Check the number %(number)s or the type.",
            number=number,
        )
        messages = {
            "citizen_prefix": prefix,
            "resident_prefix": prefix,
            "gcc_country": self.env._(
                "The identity of a Gulf state is that of the Emirates, Bahrain, "
                "Kuwait, Oman or Qatar. Check the nationality or the type."
            ),
            "gcc_malformed": self.env._(
                "“%(value)s” is not the identity number of this Gulf state. Compare "
                "it with the card, digit by digit.",
                value=number,
            ),
            "border_malformed": self.env._(
                "“%(value)s” is not a border number. It has 10 digits and begins with "
                "3, 4, 5 or 6; compare it with the entry visa.",
                value=number,
            ),
            "passport_malformed": self.env._(
                "“%(value)s” is not a passport number. It has 5 to 15 Latin letters "
                "and digits; compare it with the passport.",
                value=number,
            ),
            "other_malformed": self.env._(
                "“%(value)s” is not a number. Copy it from the paper, or choose the "
                "type “None”.",
                value=number,
            ),
            "none_number": self.env._(
                "The type “None” has no number. Choose the type of %(number)s, or "
                "leave the number empty.",
                number=number,
            ),
        }
        return messages.get(code, kingdom)

    @api.model
    def _get_identity_message(self, name, value):
        value = arabic.isolated(value, self.env.lang or "")
        phone = self.env._(
            "“%(value)s” is not a telephone number. Write a Saudi mobile as "
            "05XXXXXXXX, or any number with its country code.",
            value=value,
        )
        messages = {
            "phone": phone,
            "phone2": phone,
            "email": self.env._(
                "“%(value)s” is not an e-mail address. Write one address, such as "
                "name@example.com, or leave the field empty.",
                value=value,
            ),
            "short_address": self.env._(
                "“%(value)s” is not a short national address. It has four letters "
                "and four digits, for example ABCD1234.",
                value=value,
            ),
            "iban": self.env._(
                "“%(value)s” is not a Saudi IBAN. It is SA and 22 digits or letters; "
                "copy it from the bank's statement.",
                value=value,
            ),
            "sponsor_number": self.env._(
                "“%(value)s” is not the number of a sponsor. It has 10 digits and "
                "begins with 1, 2 or 7; compare it with the residence permit.",
                value=value,
            ),
        }
        return messages[name]
