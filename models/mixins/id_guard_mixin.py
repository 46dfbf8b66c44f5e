from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Command

OURS = "beneficiary."
CONTACT = "res.partner"
X2MANY = ("one2many", "many2many")
RELATIONAL = ("many2one", *X2MANY, "reference", "many2one_reference")


@dataclass
class Given:
    """The ids of one model that one value names."""

    records: Any
    field: Any
    vals: dict
    model: str
    parent: Any = None
    ids: set = dataclass_field(default_factory=set)
    is_dropped: bool = False


class Checked(dict):
    """Values whose ids were checked for the acting user.

    It is an object of its own, and nobody can send one over RPC.
    """


def find_given(records, vals, parent=None):
    """Return the ids that ``vals`` names, those of outer values first.

    :param records: the records that are written; empty when one is created
    :param vals: values as ``create``, ``write`` and ``onchange`` take them, with the
        commands of lines in them
    :return: list of :class:`Given`
    """
    found = []
    for name, value in vals.items():
        field = records._fields.get(name)
        if value and field is not None and field.type in RELATIONAL:
            found += _find_in_field(records, field, vals, parent)
    return found


def _find_in_field(records, field, vals, parent):
    by_model = {}
    nested = []
    for model, record_id, lines in _read_value(records, field, vals):
        if model not in by_model:
            by_model[model] = Given(records, field, vals, model, parent)
        if type(record_id) is not int:
            record_id = None
        if record_id:
            by_model[model].ids.add(record_id)
        if isinstance(lines, dict):
            line = records.env[model].browse(record_id)
            nested += find_given(line, lines, by_model[model])
    return [*by_model.values(), *nested]


def _read_value(records, field, vals):
    """Yield model, id and nested values of each record that ``field`` names."""
    value = vals[field.name]
    if isinstance(value, models.BaseModel):
        yield from ((value._name, record_id, None) for record_id in value.ids)
    elif field.type in X2MANY:
        yield from _read_commands(field.comodel_name, value)
    elif field.type == "many2one":
        if isinstance(value, tuple):
            value = value[0]
        is_nested = isinstance(value, dict)
        record_id = value.get("id") if is_nested else value
        yield field.comodel_name, record_id, value if is_nested else None
    elif field.type == "reference":
        model, _comma, record_id = str(value).partition(",")
        if model in records.env and record_id.isdecimal():
            yield model, int(record_id), None
    else:
        model = vals.get(field.model_field) or records[:1].sudo()[field.model_field]
        if model in records.env:
            yield model, value, None


def _read_commands(model, commands):
    """Do the same as :func:`_read_value` for lines; skip commands that remove."""
    for command in commands if isinstance(commands, (list, tuple)) else ():
        if isinstance(command, dict):
            yield model, command.get("id"), command
        elif not isinstance(command, (list, tuple)):
            yield model, command, None
        elif len(command) > 2 and command[0] == Command.SET:
            yield from ((model, record_id, None) for record_id in command[2] or ())
        elif len(command) > 2 and command[0] == Command.CREATE:
            yield model, None, command[2]
        elif len(command) > 1 and command[0] in (Command.UPDATE, Command.LINK):
            lines = command[2] if command[0] == Command.UPDATE else None
            yield model, command[1], lines


class Base(models.AbstractModel):
    """People may only name ids of records that they may read (R43).

    Odoo reads related and computed values, names of linked records and many errors as
    superuser. An id of another association would therefore reveal names and amounts. So
    ids are checked before anything is computed from them. Models of the addon check
    every id. Odoo's own models check ids of the addon's records, and of the hidden
    contacts behind files.

    Superuser writes are the addon's own and are not checked. Ids that a record holds
    already are allowed: an officer may save a file whose delegate they do not see.
    """

    _inherit = "base"

    def onchange(self, values, field_names, fields_spec):
        """Check the ids in a form before anything is computed from them."""
        if not self.env.su:
            given = find_given(self, values) + self._find_context_ids()
            self._check_given(given, changed=field_names)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _find_context_ids(self):
        """Return the ids named by defaults in the context, for lines too."""
        defaults = {
            key[8:]: value
            for key, value in self.env.context.items()
            if key.startswith("default_")
        }
        if not defaults:
            return []
        lines = {
            field.comodel_name
            for field in self._fields.values()
            if field.type == "one2many" and field.comodel_name.startswith(OURS)
        }
        return [
            given
            for model in {self._name, *lines}
            for given in find_given(self.env[model], defaults)
        ]

    def _check_given(self, found, changed=None):
        """Raise unless the acting user may read every record that ``found`` names.

        :param found: list of :class:`Given`
        :param changed: names of the fields that the user changed in a form; None if
            there is no form. A form also sends back the values of unchanged fields. If
            such a field is computed and read-only, an unreadable value is dropped, and
            the field is computed again
        :raise AccessError: names the field, never the record
        """
        unreadable = self._find_unreadable(found)
        if not unreadable:
            return
        for given in found:
            ids = given.ids & unreadable[given.model]
            given.is_dropped = given.parent is not None and given.parent.is_dropped
            if given.is_dropped or not ids or self._is_held(given, ids):
                continue
            field = given.field
            if (
                changed is not None
                and (given.parent or field.name not in changed)
                and field.compute
                and field.readonly
            ):
                given.vals.pop(field.name, None)
                given.is_dropped = True
                continue
            raise AccessError(
                self.env._(
                    "The field “%(field)s” names a record that does not exist or is "
                    "not open to you. Choose it again from the list.",
                    field=field._description_string(self.env),
                )
            )

    def _is_held(self, given, ids):
        """Whether each written record already holds all of ``ids`` in that field."""
        if not given.records:
            return False
        # Checked first: otherwise the answer would reveal a foreign record's value.
        if given.parent is None:
            given.records.check_access("write")
        return all(
            ids <= ({value} if isinstance(value, int) else set(value.ids))
            for record in given.records.sudo().with_context(active_test=False)
            if (value := record[given.field.name]) is not None
        )

    @api.model
    def _find_unreadable(self, found):
        """Return the ids that may not be read, by model: one query for each model."""
        wanted = defaultdict(set)
        for given in found:
            if self._is_guarded(given):
                wanted[given.model] |= given.ids
        unreadable = defaultdict(set)
        for model, ids in wanted.items():
            if hidden := self.env[model]._filter_unreadable(ids):
                unreadable[model] = hidden
        return unreadable

    @api.model
    def _is_guarded(self, given):
        if not given.ids or self.env[given.model]._abstract:
            return False
        if self._name.startswith(OURS) or given.model.startswith(OURS):
            return True
        return given.model == CONTACT and given.field.type == "many2one"

    @api.model
    def _filter_unreadable(self, ids):
        """Return those of ``ids`` that do not exist, or that the user may not read."""
        if not self.has_access("read"):
            return set(ids)
        ids = ids - self._get_known_ids()
        if not ids:
            return ids
        records = self.with_context(active_test=False)
        # Not ``check_access``: it evaluates rules that name lines record by record.
        return ids - set(records.search([("id", "in", list(ids))]).ids)

    @api.model
    def _get_known_ids(self):
        """Return ids that need no query: common defaults, checked on every row."""
        if self._name == "res.company":
            return {*self.env.companies.ids}
        return {self.env.uid} if self._name == "res.users" else set()


class IdGuardMixin(models.AbstractModel):
    """Models and forms of the addon: ids are checked wherever values come in."""

    _name = "beneficiary.id.guard.mixin"
    _description = "Guard of Ids"

    @api.model
    def default_get(self, fields):
        """Check the ids in defaults, from the context or saved by the user."""
        if not self.env.su:
            names = {f"default_{name}" for name in fields}
            self._check_given(
                find_given(
                    self,
                    {
                        key[8:]: value
                        for key, value in self.env.context.items()
                        if key in names
                    },
                )
            )
        defaults = super().default_get(fields)
        if not self.env.su:
            self._check_given(find_given(self, defaults))
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        if not (self.env.su or all(isinstance(vals, Checked) for vals in vals_list)):
            self._check_new(vals_list)
        return super().create(vals_list)

    @api.model
    def _check_new(self, vals_list):
        """Raise unless the user may create, and read all records in ``vals_list``.

        Every ``create`` that reads its values or draws numbers calls this first.

        :return: the values, copied; those that pass them on are not checked again.
            What the addon itself adds to them needs no check
        :raise AccessError: names no record
        """
        checked = [Checked(vals) for vals in vals_list]
        if self.env.su:
            return checked
        # On an empty recordset: ``copy`` calls ``create`` on the copied record.
        self.browse().check_access("create")
        found = [given for vals in vals_list for given in find_given(self, vals)]
        self._check_given(found + self._find_context_ids())
        return checked

    def write(self, vals):
        if not self.env.su:
            self._check_given(find_given(self, vals))
        return super().write(vals)


class Partner(models.Model):
    """Contacts below a hidden contact are refused: their names would show its name."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_given(
                [given for vals in vals_list for given in find_given(self, vals)]
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_given(find_given(self, vals))
        return super().write(vals)
