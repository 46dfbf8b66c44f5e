from odoo import api, fields, models
from odoo.exceptions import ValidationError


class IrFieldsConverter(models.AbstractModel):
    """Cells of a sheet for the addon's models: dates and numbers as people type them.

    Every import reads its cells here, whichever model it is for (R38, R44).
    """

    _inherit = "ir.fields.converter"

    @api.model
    def _is_ours(self, model):
        return model._name.startswith("beneficiary.")

    @api.model
    def _str_to_date(self, model, field, value, savepoint):
        if not self._is_ours(model):
            return super()._str_to_date(model, field, value, savepoint)
        self._read_cell(model, field, value)
        # The record reads the text again, and keeps what a date would lose: that it was
        # written in Hijri, or that only the year is known.
        return value, []

    @api.model
    def _str_to_datetime(self, model, field, value, savepoint):
        if self._is_ours(model) and value:
            value = fields.Datetime.to_string(self._read_cell(model, field, value))
        return super()._str_to_datetime(model, field, value, savepoint)

    @api.model
    def _read_cell(self, model, field, value):
        """Return the day or moment of a cell.

        :raise ValueError: see :meth:`_read_as`
        """
        read = self._read_as(model._read_date, field.name, value)
        is_day = field.type == "date"
        return (fields.Date.to_date if is_day else fields.Datetime.to_datetime)(read)

    @api.model
    def _str_to_integer(self, model, field, value, savepoint):
        return super()._str_to_integer(
            model, field, self._number_text(model, value), savepoint
        )

    @api.model
    def _str_to_float(self, model, field, value, savepoint):
        return super()._str_to_float(
            model, field, self._number_text(model, value), savepoint
        )

    @api.model
    def _str_to_monetary(self, model, field, value, savepoint):
        return self._str_to_float(model, field, value, savepoint)

    @api.model
    def _number_text(self, model, value):
        """Return a number of a cell as Odoo reads it (R44).

        :raise ValueError: see :meth:`_read_as`
        """
        if not self._is_ours(model) or not isinstance(value, str):
            return value
        return self._read_as(model._read_number, value)

    @api.model
    def _read_as(self, read, *values):
        """Return what the model reads in a cell.

        :param read: the model's method
        :raise ValueError: the form in which Odoo reports a cell
        """
        try:
            return read(*values)
        except ValidationError as error:
            # As a parameter: the cell may have a percent sign.
            raise self._format_import_error(ValueError, "%s", str(error)) from error
