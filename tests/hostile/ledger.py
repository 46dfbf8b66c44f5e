"""Which rows a call changed: the ledger of the hostile suite."""

import json
from collections import defaultdict

from .arguments import ODOO_MODELS

# Tables that Odoo writes for every signed-in user, or without data of persons.
FREE_TABLES = {
    "bus_bus",
    "discuss_voice_metadata",
    "ir_profile",
    "mail_presence",
    "res_device_log",
    "res_users_log",
    "res_users_settings",
}
# Columns that may refer to a foreign record: they reveal and change nothing of it.
HARMLESS_COLUMNS = {
    # Only files that the user may read are linked: see tests/messages/test_attachments.
    ("activity_attachment_rel", "attachment_id"),
    # The form names a colleague; the records check who may be handed to whom.
    ("beneficiary_assign", "user_id"),
    # Wizards for readers of the study; their confirmation is refused.
    ("beneficiary_decision_move", "decision_id"),
    ("beneficiary_vote_wizard", "decision_id"),
    ("ir_attachment", "original_id"),
    ("mail_compose_message", "parent_id"),
    ("mail_compose_message_res_partner_rel", "partner_id"),  # the user's own draft
    ("mail_message", "author_id"),  # on an own record: see the gateway's test
    ("mail_message", "parent_id"),
}
# Everybody may refer to these shared tables, such as the catalogue of channels.
SHARED_TABLES = {"beneficiary_channel", "res_company"}


class Ledger:
    """The rows that a call changed, and their owners.

    PostgreSQL's counts of written rows show cheaply which tables were changed. Only the
    rows of these tables are compared with their earlier checksums.
    """

    COUNTS = """
        SELECT relname, n_tup_ins + n_tup_upd + n_tup_del
          FROM pg_stat_xact_user_tables
         WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
    """
    DRAWN = """
        SELECT sequencename, last_value FROM pg_sequences
         WHERE sequencename LIKE 'ir_sequence%'
    """

    def __init__(self, env, victims):
        self.cr = env.cr
        self.foreign = {
            env[model]._table: set(ids)
            for model, ids in victims.items()
            if env[model]._table not in SHARED_TABLES
        }
        self.models = {
            model: set(ids)
            for model, ids in victims.items()
            if model.startswith("beneficiary.") or model == "res.partner"
        }
        self.columns = self._find_columns(env)
        self.tables = [
            table
            for (table,) in self._query(
                "SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'"
            )
        ]
        self.before = {table: self._sum(table) for table in self.tables}
        self.counts = self._count()
        self.drawn = self.draw()

    def _query(self, query):
        self.cr.execute(query)
        return self.cr.fetchall()

    @staticmethod
    def _find_columns(env):
        """Return ``{table: {column: table that it refers to}}``."""
        columns = defaultdict(dict)
        for model in env.registry.values():
            for name, field in model._fields.items():
                if not field.store or model._abstract:
                    continue
                if field.type == "many2one":
                    columns[model._table][name] = env[field.comodel_name]._table
                if field.type == "many2many":
                    columns[field.relation][field.column1] = model._table
                    other = env[field.comodel_name]._table
                    columns[field.relation][field.column2] = other
        return columns

    def _count(self):
        return dict(self._query(self.COUNTS))

    def draw(self):
        """Return the last number of each sequence; a rollback does not change it."""
        return dict(self._query(self.DRAWN))

    def _sum(self, table):
        """Return ``{row: checksum}``; the key is the id, or the row itself as JSON."""
        self.cr.execute(
            "SELECT 1 FROM pg_attribute WHERE attname = 'id' AND attnum > 0"
            " AND attrelid = to_regclass(%s)",
            [f'public."{table}"'],
        )
        key = "t.id" if self.cr.rowcount else "to_jsonb(t)::text"
        return dict(self._query(f'SELECT {key}, md5(t::text) FROM "{table}" t'))

    def is_moved(self):
        """Return the tables that were written since the last call."""
        counts = self._count()
        moved = {
            table
            for table, count in counts.items()
            if count != self.counts.get(table) and table in self.before
        }
        self.counts = counts
        return moved

    def compare(self, tables, is_own=lambda table, row, values: False, shared=()):
        """Return texts about forbidden changes of rows in ``tables``.

        :param is_own: function that tells whether the actor may change an existing row
        :param shared: tables to which the actor's rows may refer
        """
        found = set()
        for table in {*tables} - FREE_TABLES:
            before, after = self.before[table], self._sum(table)
            for row, checksum in before.items():
                if after.get(row) == checksum:
                    continue
                values = self._read(table, row)
                if not (is_own(table, row, values) or self._links(table, row, is_own)):
                    found.add(f"{table}: row {'changed' if values else 'deleted'}")
                elif to := self._refers_to(table, values, is_own, shared):
                    found.add(f"{table}: row now on {to}")
            for row in after.keys() - before.keys():
                values = self._read(table, row)
                if to := self._refers_to(table, values, is_own, shared):
                    found.add(f"{table}: new row on {to}")
        return found

    def _refers_to(self, table, values, is_own, shared):
        """Return the table of a foreign record to which a row refers, if any."""
        for column, other in self.columns[table].items():
            row = values.get(column)
            if (table, column) in HARMLESS_COLUMNS or other in shared:
                continue
            if row in self.foreign.get(other, ()) and not is_own(other, row, {}):
                return f"{other} by {column}"
        model = values.get("res_model") or values.get("model")
        row = values.get("res_id")
        if row in self.models.get(model, ()) and not is_own(
            model.replace(".", "_"), row, {}
        ):
            return model
        return None

    def _links(self, table, row, is_own):
        """Whether a row without an id links something to a record of the actor."""
        values = json.loads(row) if isinstance(row, str) else {}
        links = self.columns[table].items()
        return any(is_own(other, values.get(column), {}) for column, other in links)

    def _read(self, table, row):
        """Return the present values of a row; empty if it was deleted."""
        if isinstance(row, str):
            return json.loads(row)
        self.cr.execute(f'SELECT to_jsonb(t) FROM "{table}" t WHERE id = %s', [row])
        return self.cr.rowcount and self.cr.fetchone()[0] or {}


class Collector:
    """Collects the identifiers of the records that are made inside its block."""

    def __init__(self, env, victims):
        self.env = env
        self.victims = victims

    def _highest(self):
        self.env.flush_all()
        highest = {}
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or not model._auto:
                continue
            if name.startswith("beneficiary.") or name in ODOO_MODELS:
                self.env.cr.execute(
                    f'SELECT COALESCE(MAX(id), 0) FROM "{model._table}"'
                )
                highest[name] = self.env.cr.fetchone()[0]
        return highest

    def __enter__(self):
        self.start = self._highest()

    def __exit__(self, *error):
        for name, last in self._highest().items():
            self.victims[name] += range(self.start[name] + 1, last + 1)
