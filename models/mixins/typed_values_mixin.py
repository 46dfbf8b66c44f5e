from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import OrderedSet

from ...rules import arabic, identity, number

NUMBERS = frozenset(["integer", "float", "monetary"])
DATES = frozenset(["date", "datetime"])
COMPARED = frozenset(["=", "!=", "<", "<=", ">", ">="])
LISTED = frozenset(["in", "not in"])
TEXTS = frozenset(["=", "like", "ilike", "=like", "=ilike"])
# Numbers of a person, which are stored without the spaces and dashes of the paper.
PERSON_NUMBERS = frozenset(["identity_number", "former_numbers", "sponsor_number"])


class TypedValuesMixin(models.AbstractModel):
    """Values that people type: read by one rule in imports and searches (R44).

    A search reads each value of a list, as it reads a single one. Text that was copied
    is looked for without the marks of direction that came along.
    """

    _name = "beneficiary.typed.values.mixin"
    _description = "Values as Typed"

    @api.model
    def _read_number(self, text):
        """Return a typed number in plain ASCII; see :func:`rules.number.plain`.

        :raise ValidationError: says how to write it
        """
        try:
            return number.plain(text)
        except number.NumberError as error:
            raise ValidationError(
                self.env._(
                    "“%(number)s” is not a number that can be read for sure. Write it "
                    "with a point before the decimals, for example 1500 or 950.50.",
                    number=text,
                )
            ) from error

    @api.model
    def _search(self, domain, *args, **kwargs):
        read = Domain(domain).map_conditions(self._read_values)
        return super()._search(read, *args, **kwargs)

    def _read_values(self, condition):
        """Return ``condition`` with its typed values as they are stored.

        :raise ValidationError: when a value cannot be read
        """
        field = self._fields.get(condition.field_expr)
        operator, value = condition.operator, condition.value
        if field and field.type == "char" and operator in TEXTS:
            return Domain(field.name, operator, self._read_line(field, value))
        if not field or field.name == "id" or field.type not in NUMBERS | DATES:
            return condition
        if operator in LISTED and isinstance(value, (list, tuple, set, OrderedSet)):
            value = [self._read_value(field, item) for item in value]
        elif operator in COMPARED and field.type in NUMBERS:
            value = self._read_value(field, value)
        else:
            return condition
        return Domain(field.name, operator, value)

    def _read_line(self, field, value):
        """Return a text as it is stored: without invisible marks (R44)."""
        if not isinstance(value, str) or arabic.is_blank(value):
            return value
        if field.name in PERSON_NUMBERS:
            return identity.any_number(value)
        return arabic.one_line(value) if field.store else value

    def _read_value(self, field, value):
        if not isinstance(value, str):
            return value
        if field.type in DATES:
            # What begins with a letter is a word that Odoo reads itself: today.
            is_day = value[:1].isdigit()
            return self._read_date(field.name, value) if is_day else value
        read = float(self._read_number(value))
        return int(read) if read.is_integer() else read
