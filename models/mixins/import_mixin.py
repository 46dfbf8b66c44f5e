from odoo import api, models
from odoo.exceptions import ValidationError

from ...rules import arabic


class ImportMixin(models.AbstractModel):
    """Import from a spreadsheet that may be run again: each row finds its record.

    A row without a database or external id is matched by a key that the office knows,
    such as an identity number. So the second import of a corrected sheet updates the
    records and makes no duplicates. Two rows about one record are an error of the
    sheet, and nothing of the sheet is imported.
    """

    _name = "beneficiary.import.mixin"
    _description = "Import Matched by Key"

    # Names of the columns that identify the record of a row.
    _import_key = ()
    # Names of more columns that help to identify it, in sheets that have them.
    _import_key_also = ()
    # Columns of the template, in order, each with an example.
    _import_columns = ()

    @api.model
    def get_import_templates(self):
        """Return the template that the import screen offers, in the user's language."""
        return [
            {
                "label": self.env._(
                    "Import Template: %(title)s", title=self._description
                ),
                "template": f"/beneficiary_relations/import_template/{self._name}",
            }
        ]

    @api.model
    def load(self, fields, data):
        """Import rows, all of them or none; see Odoo's own method.

        Rows that are wrong by themselves are left out and reported. The other rows are
        tried in one batch. So one import reports every problem of a sheet.
        """
        if {"id", ".id"} & set(fields) or not set(self._import_key) <= set(fields):
            return super().load(fields, data)
        rows = [dict(zip(fields, row, strict=True)) for row in data]
        keys = [
            self._clean_import_key(
                *(row[name] for name in self._import_key),
                *(row.get(name, "") for name in self._import_key_also),
            )
            for row in rows
        ]
        problems = self._get_row_problems(rows, keys)
        tried = [number for number in range(len(data)) if number not in problems]
        known = self._find_import_keys({keys[number] for number in tried} - {None})
        with self.env.cr.savepoint() as savepoint:
            result = super().load(
                [*fields, ".id"],
                [[*data[number], str(known.get(keys[number], ""))] for number in tried],
            )
            if problems:
                savepoint.rollback()
                result["ids"] = False
        result["messages"] = [
            *(
                {
                    "type": "error",
                    "message": text,
                    "rows": {"from": number, "to": number},
                    "record": number,
                }
                for number, text in problems.items()
            ),
            *self._renumber_messages(result["messages"], tried),
        ]
        return result

    @api.model
    def _get_row_problems(self, rows, keys):
        """Return ``{row: sentence}`` for each row that is wrong by itself."""
        problems, first = {}, {}
        for number, (row, key) in enumerate(zip(rows, keys, strict=True)):
            try:
                self._check_required_cells(row)
                self._check_import_row(row)
            except ValidationError as error:
                problems[number] = str(error)
                continue
            if key and first.setdefault(key, number) != number:
                problems[number] = self.env._(
                    "The same as row %(number)s. Leave one of the two out.",
                    number=first[key] + 1,
                )
        return problems

    @api.model
    def _check_required_cells(self, row):
        """Raise a ``ValidationError`` when a required cell of a row is blank."""
        # One such row would fail the whole batch in the database, and Odoo would try
        # each row by itself.
        for name, cell in row.items():
            field = self._fields.get(name)
            if field and field.required and not arabic.one_line(str(cell or "")):
                label = field._description_string(self.env)
                raise ValidationError(
                    self.env._("The cell “%(column)s” is empty.", column=label)
                )

    @api.model
    def _renumber_messages(self, messages, tried):
        """Return Odoo's messages with the row numbers of the original sheet."""
        # Odoo reports a failure of the batch for its first row, and again for the row
        # that caused it. Errors of a cell name their field and are no such failures.
        texts = [message["message"] for message in messages]
        if texts and "field" not in messages[0] and texts[0] in texts[1:]:
            messages = messages[1:]
        for message in messages:
            if "record" in message:
                message["record"] = tried[message["record"]]
            if "rows" in message:
                message["rows"] = {
                    side: tried[number] for side, number in message["rows"].items()
                }
        return messages

    def _load_records_write(self, values):
        """Write only changed values: a sheet that is run again changes few."""
        values = self._clean_import_values(dict(values))
        changed = {
            name: value
            for name, value in values.items()
            if name != "id"
            and self._fields[name].convert_to_write(self[name], self) != value
        }
        return super()._load_records_write(changed) if changed else None

    def _clean_import_values(self, values):
        """Return the values of a row as the record would store them."""
        return values

    @api.model
    def _read_choices(self, row):
        """Return ``row`` with the labels of selection fields turned into values."""
        read = dict(row)
        for name in row.keys() & self._fields.keys():
            field = self._fields[name]
            if field.type == "selection":
                options = field._description_selection(self.env)
                labels = {label: value for value, label in options}
                read[name] = labels.get(row[name], row[name])
        return read

    @api.model
    def _check_import_row(self, row):
        """Raise a ``ValidationError`` when a row is wrong by itself."""

    @api.model
    def _clean_import_key(self, *cells):
        """Return the key of a row's ``cells``, or None if no record can match."""
        raise NotImplementedError

    @api.model
    def _find_import_keys(self, keys):
        """Return ``{key: id}`` of the records that the acting user may know."""
        raise NotImplementedError


class PersonImport(models.AbstractModel):
    """Import of people, whose identifiers are checked row by row (R44)."""

    _name = "beneficiary.person.import"
    _inherit = ["beneficiary.import.mixin"]
    _description = "Import of People"

    def _clean_import_values(self, values):
        return self._normalise(values, self.identity_type)

    @api.model
    def _check_import_row(self, row):
        self._normalise(self._read_choices(row))
