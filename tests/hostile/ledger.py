"""Which rows a call changed: the ledger of the hostile suite."""

import json
from collections import defaultdict

from .arguments import ODOO_MODELS

# Tables whose rows Odoo writes about whoever is there, or that hold no person's data.
FREE_TABLES = {
    "bus_bus",
    "discuss_voice_metadata",
    "ir_profile",
    "mail_presence",
    "res_device_log",
    "res_users_log",
    "res_users_settings",
}
# Columns that point at something without telling of it or changing it.
HARMLESS_COLUMNS = {
    # Forms for readers of the study; confirming them is refused.
    ("beneficiary_decision_move", "decision_id"),
    ("beneficiary_vote_wizard", "decision_id"),
    ("ir_attachment", "original_id"),
    ("mail_compose_message", "parent_id"),
    ("mail_compose_message_res_partner_rel", "partner_id"),  # one's own draft
    ("mail_message", "author_id"),  # of a record of one's own: see the gateway's test
    ("mail_message", "parent_id"),
}
# The catalogue of channels is everybody's to point at, and nobody's to change.
SHARED_TABLES = {"beneficiary_channel", "res_company"}


class Ledger:
    """Which rows a call changed, and whose they are.

    Counts come from PostgreSQL and cost little; where they moved, rows are compared
    with their checksums of before.
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
        """Return the last number that each sequence gave; no rollback takes it back."""
        return dict(self._query(self.DRAWN))

    def _sum(self, table):
        """Return ``{row: checksum}``; a row without identifier stands for itself."""
        self.cr.execute(
            "SELECT 1 FROM pg_attribute WHERE attname = 'id' AND attnum > 0"
            " AND attrelid = to_regclass(%s)",
            [f'public."{table}"'],
        )
        key = "t.id" if self.cr.rowcount else "to_jsonb(t)::text"
        return dict(self._query(f'SELECT {key}, md5(t::text) FROM "{table}" t'))

    def is_moved(self):
        """Return the tables that were written to since the last question."""
        counts = self._count()
        moved = {
            table
            for table, count in counts.items()
            if count != self.counts.get(table) and table in self.before
        }
        self.counts = counts
        return moved

    def compare(self, tables, is_own=lambda table, row, values: False, shared=()):
        """Return what became of rows in ``tables``, as words.

        :param is_own: whether the actor may change a row that was there before
        :param shared: tables that the actor's rows may refer to
        """
        found = set()
        for table in {*tables} - FREE_TABLES:
            before, after = self.before[table], self._sum(table)
            for row, checksum in before.items():
                if after.get(row) == checksum:
                    continue
                values = self._read(table, row)
                if not is_own(table, row, values):
                    found.add(f"{table}: row {'changed' if values else 'deleted'}")
                elif to := self._refers_to(table, values, shared):
                    found.add(f"{table}: row now on {to}")
            for row in after.keys() - before.keys():
                if to := self._refers_to(table, self._read(table, row), shared):
                    found.add(f"{table}: new row on {to}")
        return found

    def _refers_to(self, table, values, shared):
        """Return the table of the foreign record that a row hangs on."""
        for column, other in self.columns[table].items():
            if (table, column) in HARMLESS_COLUMNS or other in shared:
                continue
            if values.get(column) in self.foreign.get(other, ()):
                return f"{other} by {column}"
        model = values.get("res_model") or values.get("model")
        if values.get("res_id") in self.models.get(model, ()):
            return model
        return None

    def _read(self, table, row):
        """Return the values of a row as it is now; nothing when it is gone."""
        if isinstance(row, str):
            return json.loads(row)
        self.cr.execute(f'SELECT to_jsonb(t) FROM "{table}" t WHERE id = %s', [row])
        return self.cr.rowcount and self.cr.fetchone()[0] or {}


class Collector:
    """Collects the identifiers of records that are made inside of its block."""

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
