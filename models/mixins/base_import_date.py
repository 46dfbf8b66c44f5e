import re
from contextlib import suppress

from odoo import api, models

from odoo.addons.base_import.models.base_import import ImportValidationError

from ...rules import arabic, dates

# Orders of day, month and year in which none can be taken for another one: the month is
# a word, or stands in the middle beside a year of four digits.
CLEAR_ORDERS = frozenset(
    ["dmY", "Ymd", *(order for m in "bB" for order in (f"d{m}Y", f"Y{m}d", f"{m}dY"))]
)


class BaseImportDate(models.TransientModel):
    """Dates and numbers of an uploaded sheet for the addon's models (R38, R44)."""

    _inherit = "base_import.import"

    def _is_ours(self):
        return (self.res_model or "").startswith("beneficiary.")

    def parse_preview(self, options, count=10):
        """Also show the Gregorian date beside each Hijri one, before it is kept."""
        result = super().parse_preview(options, count=count)
        if self._is_ours() and result.get("preview"):
            result["preview"] = [
                [self._show_both(cell) for cell in column]
                for column in result["preview"]
            ]
        return result

    @api.model
    def _show_both(self, cell):
        return f"{cell} = {dates.read(cell).date}" if self._is_hijri(cell) else cell

    @api.model
    def _parse_date_from_data(self, data, index, name, field_type, options):
        """Leave dates to the model's own reader: the day comes first in every row.

        Odoo guesses one format from the first rows, often with the month first. Only
        a format in which no number can be taken for another one is tried.
        """
        if not self._is_ours():
            return super()._parse_date_from_data(data, index, name, field_type, options)
        for line in data:
            if isinstance(line[index], str):
                line[index] = arabic.without_marks(arabic.ascii_digits(line[index]))
        tried = {
            key: options[key]
            for key in ("date_format", "datetime_format")
            if self._is_clear_format(options.get(key) or "")
        }
        for line in data if tried else ():
            if self._is_hijri(line[index]):
                continue
            # One row at a time: the model names the rows that it cannot read.
            with suppress(ImportValidationError):
                super()._parse_date_from_data([line], index, name, field_type, tried)
        return None

    @api.model
    def _is_clear_format(self, date_format):
        """Whether no day, month or year can be taken for another one in a format."""
        parts = "".join(re.findall("%([dmYybB])", date_format))
        return parts in CLEAR_ORDERS

    @api.model
    def _is_hijri(self, cell):
        try:
            return isinstance(cell, str) and bool(dates.read(cell).hijri)
        except dates.DateError:
            return False

    @api.model
    def _parse_float_from_data(self, data, index, name, options):
        """Leave numbers to the model's own reader, which names what is unclear.

        Odoo guesses the separators of a column from its first rows. Then a comma is
        taken for a point, or dropped, in the other rows.
        """
        if not self._is_ours():
            return super()._parse_float_from_data(data, index, name, options)
        for line in data:
            written = arabic.number_text(str(line[index]))
            # Without its currency; what has no number inside stays as it is.
            line[index] = written and (self._remove_currency_symbol(written) or written)
        return None
