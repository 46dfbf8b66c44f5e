from contextlib import suppress

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import escape_psql

from ...rules import arabic, identity

# The operators of a search for a text, and those of a search for a date.
TEXT_OPERATORS = frozenset(["=", "like", "ilike", "=like", "=ilike"])
DATE_OPERATORS = frozenset(["=", "!=", "<", "<=", ">", ">="])


def trigram_index(column, where=""):
    """Return an index for the search of a part of a text.

    Without the extension pg_trgm the search works too, but more slowly.

    :param column: name of the column, which is a text
    :param where: the rows that are in the index, as SQL
    """
    condition = f" WHERE {where}" if where else ""
    return models.Index(
        lambda registry: (
            f"USING gin ({column} gin_trgm_ops){condition}"
            if registry.has_trigram
            else ""
        )
    )


class TypedSearchMixin(models.AbstractModel):
    """Searches find what was typed in any digits, and in either calendar (R38, R44).

    Numbers are stored in Latin digits. A name may be stored as it was typed. So a text
    with Arabic digits is looked for in both forms. The words of a name may come in any
    order.
    """

    _name = "beneficiary.typed.search.mixin"
    _description = "Search as Typed"

    # Names of the fields that hold the name of a person, in words.
    _word_fields = frozenset()
    # Whether an association has few of these records, for very many that name one.
    _is_short_list = False

    @api.model
    def _search(self, domain, *args, **kwargs):
        read = self._drop_empty(Domain(domain)).map_conditions(self._read_condition)
        return super()._search(read, *args, **kwargs)

    @api.model
    def _search_display_name(self, operator, value):
        if operator == "ilike" and value and self._rec_name in self._word_fields:
            return self._get_words_domain(self._rec_name, value)
        return self._drop_empty(super()._search_display_name(operator, value))

    @api.model
    def _drop_empty(self, domain):
        """Return ``domain`` without the alternatives of a name that nothing has.

        A person's name is looked for in another table, and numbers in this one: of
        both at once PostgreSQL makes a walk through this whole table. Without the
        numbers, which no name is like, it finds the few or begins with the many.

        :param domain: a :class:`Domain` as it was typed
        """
        operator = getattr(domain, "OPERATOR", "")
        if operator == "&":
            return Domain.AND(self._drop_empty(part) for part in domain.children)
        parts = domain.children if operator == "|" else ()
        if not any(self._is_typed(part, "many2one") for part in parts):
            return domain
        everything = self.sudo().with_context(active_test=False)
        return Domain.OR(
            part
            for part in dict.fromkeys(parts)
            if not self._is_typed(part, "char") or everything.search_count([part], 1)
        )

    def _is_typed(self, part, kind):
        """Whether ``part`` of a domain looks for a text in a stored field of a kind.

        Of a field that the user may not read nothing is dropped: the search would be
        refused for a text that a record has, and for no other.
        """
        name = getattr(part, "field_expr", "").removesuffix(".display_name")
        field = self._fields.get(name)
        is_stored = field and field.type == kind and field.store
        if not is_stored or part.operator not in ("ilike", "=like"):
            return False
        return self._has_field_access(field, "read")

    def _read_condition(self, condition):
        field = self._fields.get(condition.field_expr)
        value = condition.value
        if not field or not isinstance(value, str):
            return condition
        if field.type == "many2one" and condition.operator == "ilike":
            return self._look_up_name(condition, self.env[field.comodel_name])
        if field.type in ("char", "text") and condition.operator in TEXT_OPERATORS:
            if field.name in self._word_fields and condition.operator == "ilike":
                found = self._get_words_domain(field.name, value)
            else:
                found = condition
            written = arabic.ascii_digits(value)
            if written != value:
                found |= Domain(field.name, condition.operator, written)
            return found
        elif field.type in ("date", "datetime") and (
            condition.operator in DATE_OPERATORS and value[:1].isdigit()
        ):
            try:
                read = self._read_date(field.name, value)
            except ValidationError:
                return condition  # such as "15d", which Odoo reads itself
            return Domain(field.name, condition.operator, read)
        return condition

    def _look_up_name(self, condition, records):
        """Look a typed name up first where only a few records may have it.

        PostgreSQL takes any part of a name for frequent, and would walk through
        everything in the order of the list until it has found a page.

        :param condition: a search for the name of one of ``records``
        :param records: the model that the field leads to
        """
        if not getattr(records, "_is_short_list", False):
            return condition
        named = [("display_name", "ilike", condition.value)]
        found = records.with_context(active_test=False).search(named, order="id")
        return Domain(condition.field_expr, "in", found.ids)

    @api.model
    def _get_words_domain(self, name, value):
        """Return the domain of the records that have all words, in any order."""
        return Domain.AND([Domain(name, "ilike", word) for word in value.split()])

    @api.model
    def _get_key_domain(self, name, value):
        """Return the domain of the records whose search key has what was typed (R44).

        The words of a name may come in any order, and some of them may be left out. A
        telephone is found in any form, a number of a paper with its spaces and dashes,
        and a file by its name as it is shown: "[000086] سالم".

        :param name: the field that holds the key, see :func:`rules.arabic.search_key`
        :param value: the text that was typed or pasted
        """
        value = arabic.searched_words(value) or value
        key = arabic.search_key(value)
        # A number with spaces is one number, and not several.
        digits = identity.written_digits(value)
        words = [key] if digits else key.split()
        domain = Domain.AND([self._get_in_key_domain(name, word) for word in words])
        if digits and digits != key:
            domain |= self._get_in_key_domain(name, digits)
        # A text that is no telephone number is searched for as words only.
        with suppress(identity.IdentityError):
            phone = identity.phone(value)
            if not digits or digits not in identity.phone_forms(phone):
                domain |= self._get_in_key_domain(name, phone)
        number = arabic.search_key(identity.any_number(value))
        if number != key and any(map(str.isdigit, number)):
            domain |= self._get_in_key_domain(name, number)
        return domain

    @api.model
    def _get_in_key_domain(self, name, text):
        """Return the domain of the records that have a text in their search key.

        Nobody may read a key, or search by any part of it but through this: it holds
        the numbers of a whole household.

        :param name: the field that holds the key
        :param text: the text, which is a key itself
        """

        def to_sql(model, alias, query):
            column = model.sudo()._field_to_sql(alias, name, query)
            return SQL("%s LIKE %s", column, f"%{escape_psql(text)}%")

        return Domain.custom(
            to_sql=to_sql,
            predicate=lambda record: text in (record.sudo()[name] or ""),
        )

    @api.model
    def _get_number_domain(self, name, value):
        """Return the domain of the records whose number ends with what was typed (R44).

        People say "thirty-three" for REQ/2026/00033, and type 33 or ٣٣.

        :param name: the field that holds the number
        :param value: the text that was typed
        """
        number = arabic.number_line(value)
        if number.isdigit():
            return Domain(name, "=like", f"%{number}")
        return Domain(name, "ilike", number) if number else Domain.FALSE
