from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...rules import arabic, identity

CLEANERS = {
    "identity_number": identity.national_identity,
    "phone": identity.phone,
    "email": identity.email,
    "short_address": identity.short_address,
    "iban": identity.iban,
}
# The first digit of each type that the state issues.
FIRST_DIGITS = {"national": "1", "iqama": "2"}


class IdentityMixin(models.AbstractModel):
    """Identifiers of a person: checked, and kept in one written form (R44).

    The one place for files, dependants and representatives. Each model declares the
    fields of :data:`CLEANERS` that it needs.
    """

    _name = "beneficiary.identity.mixin"
    _description = "Identifiers of a Person"

    identity_type = fields.Selection(
        [
            ("national", "National Identity"),
            ("iqama", "Resident Identity (Iqama)"),
            ("other", "Other"),
        ],
        default="national",
    )
    identity_number = fields.Char(copy=False)

    @api.constrains("identity_number", "identity_type")
    def _check_identity_number(self):
        for record in self.filtered("identity_number"):
            first_digit = FIRST_DIGITS.get(record.identity_type)
            if not first_digit:
                continue
            number = self._clean("identity_number", record.identity_number)
            if number != record.identity_number or number[0] != first_digit:
                raise ValidationError(
                    self.env._(
                        "A national identity number begins with 1, a resident's "
                        "with 2. Check the number %(number)s or the type.",
                        number=record.identity_number,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._normalise(dict(vals)) for vals in vals_list]
        self._refuse_known_identities(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        vals = self._normalise(dict(vals), self[:1].identity_type)
        self._refuse_known_identities([vals])
        return super().write(vals)

    @api.model
    def _normalise(self, vals, identity_type=None):
        """Put identifiers of ``vals`` into their one written form (R44).

        :param identity_type: the record's type, used if ``vals`` has none
        """
        for name in CLEANERS.keys() & self._fields.keys() - {"identity_number"}:
            if vals.get(name):
                typed = str(vals[name])  # over RPC it may be anything
                is_blank = not arabic.without_marks(typed).strip()
                vals[name] = not is_blank and self._clean(name, typed)
        if number := vals.get("identity_number"):
            if vals.get("identity_type", identity_type) == "other":
                vals["identity_number"] = arabic.ascii_digits(number).strip()
            else:
                vals["identity_number"] = self._clean("identity_number", number)
        return vals

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
        }
        return messages[name]
