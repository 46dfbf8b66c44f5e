from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...rules import arabic

# The operators of a search for a text, and those of a search for a date.
TEXT_OPERATORS = frozenset(["=", "like", "ilike", "=like", "=ilike"])
DATE_OPERATORS = frozenset(["=", "!=", "<", "<=", ">", ">="])


class TypedSearchMixin(models.AbstractModel):
    """Searches find what was typed in any digits, and in either calendar (R38, R44).

    Numbers are stored in Latin digits. A name may be stored as it was typed. So a text
    with Arabic digits is looked for in both forms.
    """

    _name = "beneficiary.typed.search.mixin"
    _description = "Search as Typed"

    @api.model
    def _search(self, domain, *args, **kwargs):
        read = Domain(domain).map_conditions(self._read_condition)
        return super()._search(read, *args, **kwargs)

    def _read_condition(self, condition):
        field = self._fields.get(condition.field_expr)
        value = condition.value
        if not field or not isinstance(value, str):
            return condition
        if field.type in ("char", "text") and condition.operator in TEXT_OPERATORS:
            written = arabic.ascii_digits(value)
            if written != value:
                return condition | Domain(field.name, condition.operator, written)
        elif field.type in ("date", "datetime") and (
            condition.operator in DATE_OPERATORS and value[:1].isdigit()
        ):
            try:
                read = self._read_date(field.name, value)
            except ValidationError:
                return condition  # such as "15d", which Odoo reads itself
            return Domain(field.name, condition.operator, read)
        return condition
