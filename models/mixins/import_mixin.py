from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...rules import arabic, dates, identity, kin, person

# Changes that an import tells of; of more there is a mark.
MOST_TOLD = 50


class ImportLog:
    """What an import changes in known records: ``{record: sentence}``.

    It is an object, and nobody can send an object in a context over RPC.
    """

    def __init__(self):
        self.changes = {}


class ImportMixin(models.AbstractModel):
    """Import from a spreadsheet that may be run again: each row finds its record.

    A row without a database or external id is matched by a key that the office knows,
    such as an identity number. So the second import of a corrected sheet updates the
    records and makes no duplicates. Two rows about one record are an error of the
    sheet, and nothing of the sheet is imported. What a sheet changes in known records
    is told, also by the test of the import screen.
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
    @api.readonly
    def get_import_templates(self):
        """Return the template that the import screen offers, in the user's language."""
        title = self.env["ir.model"]._get(self._name).name
        wording = self._get_company_wording()
        return [
            {
                "label": self.env._(
                    "Import Template: %(title)s", title=wording.get(title, title)
                ),
                "template": f"/beneficiary_relations/import_template/{self._name}",
            }
        ]

    @api.model
    def load(self, fields, data):
        """Import rows, all of them or none; see Odoo's own method.

        Rows that are wrong by themselves are left out and reported. The other rows are
        tried in one batch. So one import reports every problem of a sheet.

        :return: as Odoo's method, with ``changes``: sentences on what changed in
            records that were there before
        """
        log = ImportLog()
        result = self.with_context(import_log=log)._load_by_key(fields, data)
        told = list(log.changes.values()) if result["ids"] else []
        if len(told) > MOST_TOLD:
            told[MOST_TOLD:] = ["…"]
        return {**result, "changes": told}

    @api.model
    def _load_by_key(self, fields, data):
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
        archived = self._get_archived_problems(keys, tried, known)
        tried = [number for number in tried if number not in archived]
        problems |= archived
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
            known_by = key and self._get_known_by(key)
            if key and first.setdefault(known_by, number) != number:
                problems[number] = self.env._(
                    "The same as row %(number)s. Leave one of the two out.",
                    number=first[known_by] + 1,
                )
        return problems

    @api.model
    def _get_archived_problems(self, keys, tried, known):
        """Return ``{row: sentence}`` for each row whose record is archived."""
        if "active" not in self._fields:
            return {}
        records = self.browse(set(known.values()))
        archived = {record.id: record for record in records if not record.active}
        return {
            number: self.env._(
                "%(record)s is archived. Restore it first, and import the row then.",
                record=archived[known[keys[number]]].display_name,
            )
            for number in tried
            if known.get(keys[number]) in archived
        }

    @api.model
    def _check_required_cells(self, row):
        """Raise a ``ValidationError`` when a required cell of a row is blank."""
        # One such row would fail the whole batch in the database, and Odoo would try
        # each row by itself.
        for name, cell in row.items():
            field = self._fields.get(name)
            if field and field.required and arabic.is_blank(str(cell or "")):
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
            if name != "id" and not self._has_import_value(name, value)
        }
        if not changed:
            return None
        self._check_import_changes(changed)
        former = self._get_import_texts(changed)
        result = super()._load_records_write(changed)
        self._log_import_changes(former)
        return result

    def _has_import_value(self, name, value):
        """Return whether this record has ``value`` of a row, a day also as a text."""
        field = self._fields[name]
        if field.type in ("date", "datetime"):
            with suppress(ValueError):  # a Hijri date, which is read when it is written
                value = field.convert_to_cache(value, self)
        return field.convert_to_write(self[name], self) == value

    def _check_import_changes(self, vals):
        """Raise a ``ValidationError`` when a sheet may not change this record so.

        :param vals: the values that differ from the record's
        """

    def _get_import_texts(self, names):
        """Return ``{field: text}`` of this record's values, as people read them."""
        return {
            field: str(field.convert_to_export(self[field.name], self) or "")
            for field in map(self._fields.get, names)
        }

    def _log_import_changes(self, former):
        """Note what the import changed in this record.

        :param former: what :meth:`_get_import_texts` returned before
        """
        log = self.env.context.get("import_log")
        present = self._get_import_texts([field.name for field in former])
        changes = [
            self._describe_import_change(field, former[field], present[field])
            for field in former
            if former[field] != present[field]
        ]
        if changes and isinstance(log, ImportLog):
            log.changes[self] = self.env._(
                "%(record)s: %(changes)s",
                record=self.display_name,
                changes=self._list_words(changes),
            )

    @api.model
    def _describe_import_change(self, field, former, present):
        label = field._description_string(self.env)
        if field.groups:  # hidden from some of those who read the sheet's result
            return label
        lang = self.env.lang or ""
        former, present = (
            text if any(map(str.isalpha, text)) else arabic.isolated(text, lang)
            for text in (former, present)
        )
        return self.env._(
            "%(field)s “%(new)s” instead of “%(old)s”",
            field=label,
            new=present,
            old=former,
        )

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
    def _get_known_by(self, key):
        """Return the part of a key that two rows about one record have in common."""
        return key

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
        values = self._normalise(values, self.identity_type)
        # A sheet that does not know the number does not say that there is none.
        if not values.get("identity_number") and values.get("identity_type") != "none":
            values.pop("identity_number", None)
        return self._without_vague_birth(values)

    def _without_vague_birth(self, values):
        """Return ``values`` without a year of birth whose day is known here."""
        names = ("birth_date_hijri", "birth_date")
        typed = next((values[name] for name in names if values.get(name)), None)
        known = self._get_birth()
        if not (typed and known) or known.is_year_only or not self._is_year_only(typed):
            return values
        if not dates.may_be_same(known, dates.read(str(typed))):
            return values
        return {name: value for name, value in values.items() if name not in names}

    def _check_import_changes(self, vals):
        """Refuse to make somebody else of a person whose number is in the sheet.

        A name that is written out or spelled better, and a birth date for a person
        without one, are corrections. Another person's are for people to decide.
        """
        other = [
            self._fields[name]
            for name in ("name", "birth_date", "gender")
            if self[name] and self._is_other_person(name, self._read_dates(dict(vals)))
        ]
        if other:
            raise ValidationError(
                self.env._(
                    "This number or name is that of %(person)s, who would become "
                    "somebody else: %(fields)s. Compare the row with the card. If the "
                    "record is wrong, correct it by hand, and import the row then.",
                    person=self.display_name,
                    fields=self._list_words(
                        field._description_string(self.env) for field in other
                    ),
                )
            )
        return super()._check_import_changes(vals)

    def _is_other_person(self, name, vals):
        """Whether the value of ``name`` in ``vals`` is of another person than this."""
        if not vals.get(name):
            return False
        if name == "name":
            return kin.is_other_name(
                arabic.search_key(self.name), arabic.search_key(vals["name"])
            )
        if name == "gender":
            return vals["gender"] != self.gender
        born = self._as_birth(
            fields.Date.to_date(vals["birth_date"]),
            vals.get("birth_date_hijri"),
            vals.get("is_birth_year_only", False),
        )
        return not dates.may_be_same(born, self._get_birth())

    @api.model
    def _check_import_row(self, row):
        self._normalise(self._read_choices(row))

    # -- who a row is about ------------------------------------------------------------

    @api.model
    def _read_import_person(self, name, number, birth, kind, state, phone=""):
        """Return the cells of a row as a :class:`rules.person.Person`.

        Of a cell that cannot be read the row is refused later.
        """
        kind = self._read_choices({"identity_type": str(kind or "")})["identity_type"]
        is_foreign = kind in identity.FOREIGN_TYPES
        born, written = None, ""
        with suppress(dates.DateError):
            born = dates.read(str(birth)) if birth else None
        with suppress(identity.IdentityError):
            written = identity.phone(str(phone)) if phone else ""
        return person.Person(
            identity.any_number(str(number or "")),
            arabic.search_key(str(state or "")) if is_foreign else "",
            arabic.search_key(str(name or "")),
            born,
            written,
        )

    def _as_import_person(self):
        """Return this record as a row would name it, but for its number."""
        phone = self.phone if "phone" in self._fields else ""
        name = arabic.search_key(self.name or "")
        return person.Person(name=name, born=self._get_birth(), phone=phone or "")

    @api.model
    def _find_by_number(self, records, row):
        """Return the one among ``records`` that has the number of ``row``.

        Two states may issue the same number: then the state in the row counts.
        """
        found = records.filtered(lambda record: record.identity_number == row.number)
        exact = found.filtered(
            lambda record: (
                row.state
                and row.state
                in (
                    arabic.search_key(record.nationality_id.name or ""),
                    (record.nationality_id.code or "").lower(),
                )
            )
        )
        found = exact or found
        return found if len(found) == 1 else found.browse()
