from odoo import api, models
from odoo.exceptions import MissingError

# Types of fields whose values are read a column at a time: the cache holds each value,
# or the ids that stand for it.
X2MANY = frozenset(["one2many", "many2many"])
PLAIN = frozenset(["boolean", "char", "date", "datetime", "float", "integer"])
PLAIN |= {"many2one", "monetary", "selection", "text", *X2MANY}
UNKNOWN = object()
# States of activities, the most urgent one first.
URGENCY = ("overdue", "today", "planned")
# What a row shows of its activities.
ACTIVITY = (
    "activity_state",
    "activity_summary",
    "activity_type_id",
    "activity_type_icon",
    "activity_exception_decoration",
    "activity_exception_icon",
)


class PageMixin(models.AbstractModel):
    """What the rows of a page show of activities and users is read once for the page.

    Odoo reads the activities of a list as the acting user: it asks twice more whether
    the rows may be read. Where who reads a record reads its activities too, the answer
    is known: the rows themselves are read as the acting user in any case.
    """

    _name = "beneficiary.page.mixin"
    _description = "Page of a List"

    @api.model
    @api.private
    @api.readonly
    def search_fetch(self, domain, field_names=None, *args, **kwargs):
        if self._shows_activities(field_names or ()):
            field_names = [name for name in field_names if name != "activity_ids"]
        return super().search_fetch(domain, field_names, *args, **kwargs)

    @api.readonly
    def web_read(self, specification):
        if self._shows_activities(specification):
            self._prefetch_activities(specification)
        return super().web_read(specification)

    @api.model
    def _shows_activities(self, names):
        """Whether a page of these fields shows activities that each reader may read."""
        return "activity_state" in names and (
            getattr(self, "_mail_post_access", None) == "read"
        )

    def _prefetch_activities(self, specification):
        """Read the activities, and the users of them and of the rows, together.

        What the rows show of them is worked out for the page. Odoo would go through the
        activities of each row once for each field.
        """
        activities = self.sudo().activity_ids
        self._prefetch_users(specification, activities.user_id)
        by_row = activities.grouped("res_id")
        states = {}
        values = {name: [] for name in ACTIVITY}
        for row_id in self._ids:
            own = by_row.get(row_id, activities.browse())
            found = set()
            for activity in own:
                key = activity.date_deadline, activity.user_id, activity.active
                if key not in states:
                    states[key] = activity.state
                found.add(states[key])
            types = own.activity_type_id
            alarm = types.filtered(lambda kind: kind.decoration_type == "danger")[:1]
            alarm = alarm or types.filtered("decoration_type")[-1:]
            first = own[:1]
            for name, value in (
                ("activity_state", next((s for s in URGENCY if s in found), None)),
                ("activity_summary", first.summary),
                ("activity_type_id", first.activity_type_id.id),
                ("activity_type_icon", first.activity_type_id.icon),
                ("activity_exception_decoration", alarm.decoration_type),
                ("activity_exception_icon", alarm.icon),
            ):
                values[name].append(value or None)
        for name, column in values.items():
            self._fields[name]._insert_cache(self, column)

    def _read_format(self, fnames, load="_classic_read"):
        """Read the people of a form together: each field would read its own.

        Where names of records are not asked for, plain values are read a column at a
        time. Odoo would ask for each value of each row who may read it.
        """
        self._prefetch_users(fnames)
        columns = {}
        if load is None and len(self) > 1:
            columns = self._read_columns(fnames)
        rest = [name for name in fnames if name not in columns]
        rows = super()._read_format(rest, load)
        if len(rows) < len(self):  # some are deleted
            return super()._read_format(fnames, load)
        for name, values in columns.items():
            for row, value in zip(rows, values, strict=True):
                row[name] = value
        return rows

    def _read_columns(self, names):
        """Read the values of plain fields, as ``read(load=None)`` returns them.

        :param names: names of fields
        :return: ``{name: [value]}``, without the fields that must be read in rows
        :raise AccessError: the acting user may not read a field
        """
        columns = {}
        for name in names:
            field = self._fields[name]
            if field.type not in PLAIN or not all(self._ids):
                continue
            try:
                if field.compute and field.store:
                    field.recompute(self)
                # Reads or computes it for all rows, if need be.
                found = (self if field.relational else self[:1]).mapped(name)
            except MissingError:
                continue
            cache = field._get_cache(self.env)
            kept = [cache.get(record_id, UNKNOWN) for record_id in self._ids]
            if UNKNOWN in kept or any(isinstance(value, dict) for value in kept):
                continue
            if field.type in X2MANY:
                shown = set(found._ids)  # without the archived ones
                columns[name] = [
                    [line_id for line_id in value if line_id in shown] for value in kept
                ]
            elif field.type == "many2one":
                columns[name] = [value or False for value in kept]
            else:
                to_record, to_read = field.convert_to_record, field.convert_to_read
                columns[name] = [
                    to_read(to_record(value, record), record)
                    for record, value in zip(self, kept, strict=True)
                ]
        return columns

    def _prefetch_users(self, names, users=None):
        """Read the acting user and the users of these fields with one query.

        The contact of the association is read with theirs: dates ask its language.

        :param names: names of fields, of which those that hold a user count
        :param users: more users to read with them
        """
        found = {
            name
            for name in names
            if (field := self._fields.get(name))
            and (field.type, field.comodel_name) == ("many2one", "res.users")
            and field.store
        }
        if not found and users is None:
            return
        users = (users or self.env.user.sudo()) | self.env.user.sudo()
        for name in found:
            users |= self.sudo()[name]
        contacts = users.partner_id | self.env.company.sudo().partner_id
        contacts.fetch(["name", "lang", "tz"])
