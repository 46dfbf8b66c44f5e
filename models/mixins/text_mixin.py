from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...rules import arabic


class TextMixin(models.AbstractModel):
    """Names, titles and numbers without what nobody sees (R44).

    Marks of direction, joiners, byte order marks and the like are cleaned from every
    text of one line, whichever door it comes through: form, import, RPC, portal, mail.
    A required text that has nothing else is refused.
    """

    _name = "beneficiary.text.mixin"
    _description = "Text of One Line"

    # Names of the fields that hold a number, whose digits are stored as 0 to 9.
    _number_fields = frozenset()

    @api.model
    @ormcache()
    def _get_line_fields(self):
        """Return the names of the stored fields that hold a text of one line."""
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.type == "char" and field.store and not field.related
        )

    @api.model
    @ormcache()
    def _get_text_fields(self):
        """Return the names of the stored fields that hold a text of several lines."""
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.type == "text" and field.store and not field.related
        )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_lines(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_lines(vals))

    @api.model
    def _clean_lines(self, vals):
        """Return ``vals`` with each text of one line as it is stored (R44).

        :raise ValidationError: a required text has only spaces or invisible marks
        """
        lines = self._get_line_fields() & vals.keys()
        cleaned = {
            name: self._clean_line(name, vals[name])
            for name in lines
            if vals[name] and isinstance(vals[name], str)
        }
        # A longer text stays as it was typed, unless it says nothing.
        blank = {
            name: self._read_blank(name)
            for name in self._get_text_fields() & vals.keys()
            if vals[name]
            and isinstance(vals[name], str)
            and arabic.is_blank(vals[name])
        }
        return {**vals, **cleaned, **blank}

    @api.model
    def _clean_line(self, name, text):
        is_number = name in self._number_fields
        line = (arabic.number_line if is_number else arabic.one_line)(text)
        return self._read_blank(name) if arabic.is_blank(line) else line

    @api.model
    def _read_blank(self, name):
        """Return what a text that says nothing becomes: no text."""
        if self._fields[name].required:
            raise ValidationError(
                self.env._(
                    "The field “%(field)s” has only spaces or invisible characters. "
                    "Write it in letters or digits.",
                    field=self._fields[name]._description_string(self.env),
                )
            )
        return False
