from odoo import api, models
from odoo.exceptions import ValidationError


class ImportMixin(models.AbstractModel):
    """Import from a spreadsheet that may be run again: rows find what they are about.

    A row that carries no database or external id is matched by what names its
    record in the office, such as an identity number: the second import of a
    corrected sheet updates, and makes no duplicate. Two rows about one record are
    an error of the sheet, and none of it is imported.
    """

    _name = "beneficiary.import.mixin"
    _description = "Import Matched by Key"

    # Names of the columns that tell which record a row is about.
    _import_key = ()
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

        Rows that are wrong by themselves are set aside and named; the others are
        tried in one batch, so that all that is wrong with a sheet is told at once.
        """
        if {"id", ".id"} & set(fields) or not set(self._import_key) <= set(fields):
            return super().load(fields, data)
        rows = [dict(zip(fields, row, strict=True)) for row in data]
        keys = [
            self._clean_import_key(*(row[name] for name in self._import_key))
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
        """Return ``{row: sentence}`` of what is wrong with rows by themselves."""
        problems, first = {}, {}
        for number, (row, key) in enumerate(zip(rows, keys, strict=True)):
            try:
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
    def _renumber_messages(self, messages, tried):
        """Return Odoo's messages with the numbers of the rows as they were given."""
        # Odoo names the first row too for what another row of its batch got wrong.
        texts = [message["message"] for message in messages]
        if len(texts) > 1 and texts[0] in texts[1:]:
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
        """Write what a row changes; a sheet that is run again changes little."""
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
        """Return ``row`` with the values of choices that its cells name by label."""
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
        """Raise a ``ValidationError`` when a row is wrong whatever others there are."""

    @api.model
    def _clean_import_key(self, *cells):
        """Return the key that a row's ``cells`` give, or None: a row of its own."""
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
