from contextlib import suppress

from odoo import api, models

from odoo.addons.base_import.models.base_import import ImportValidationError

from ...rules import arabic, dates


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
        """Leave what Odoo cannot read, and Hijri dates, to the model's own reader."""
        if not self._is_ours():
            return super()._parse_date_from_data(data, index, name, field_type, options)
        for line in data:
            if isinstance(line[index], str):
                line[index] = arabic.without_marks(arabic.ascii_digits(line[index]))
            if self._is_hijri(line[index]):
                continue
            # One row at a time: the model names the rows that it cannot read.
            with suppress(ImportValidationError):
                super()._parse_date_from_data([line], index, name, field_type, options)
        return None

    @api.model
    def _is_hijri(self, cell):
        try:
            return bool(dates.read(cell).hijri)
        except (dates.DateError, TypeError):
            return False

    @api.model
    def _parse_float_from_data(self, data, index, name, options):
        if self._is_ours():
            for line in data:
                line[index] = arabic.number_text(line[index])
        return super()._parse_float_from_data(data, index, name, options)
