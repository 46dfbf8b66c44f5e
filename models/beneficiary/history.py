from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, OrderedSet


@dataclass(frozen=True)
class Source:
    """The source of one kind of row in the history.

    :ivar model: model whose records are the rows, as far as the user may read them
    :ivar dates: date fields; the first one with a value is the date of the row
    :ivar title: function that returns the title of a record
    :ivar domain: condition for records to be in the history
    :ivar request: field that leads to the request whose number the row shows
    """

    model: str
    dates: tuple
    title: Callable
    domain: tuple = ()
    request: str | None = None


# The position in this table is part of each row's identifier: add only at the end.
SOURCES = {
    "interaction": Source(
        "beneficiary.interaction", ("date",), lambda row: row.subject
    ),
    "request": Source(
        "beneficiary.request",
        ("submitted_on", "create_date"),
        lambda row: row.service_id.display_name,
        request="id",
    ),
    "document": Source(
        "beneficiary.document", ("handed_on",), lambda row: row.type_id.display_name
    ),
    # Only decisions whose reply has been released, so that none is known early (R21).
    "decision": Source(
        "beneficiary.decision",
        ("decided_on",),
        lambda row: row._fields["outcome"].convert_to_export(row.outcome, row),
        domain=(("state", "=", "taken"), ("released_on", "!=", False)),
        request="request_id",
    ),
    "delivery": Source(
        "beneficiary.delivery",
        ("received_on", "handed_on"),
        lambda row: row.service_id.display_name,
        domain=(("state", "in", ("handed", "received")),),
        request="request_id",
    ),
}
KINDS = list(SOURCES)
# A row's identifier is the record's id times this number, plus the kind's position.
SLOTS = 8
LISTS = (list, tuple, set, frozenset, OrderedSet)


class History(models.Model):
    """All that happened to a file, in one chronological list.

    Rows are read from the records themselves with the reader's own rights: a record
    that is hidden in its own list is hidden here too. Nothing is stored.

    :Who may: everybody who may read the file; each sees the rows of the records that
        they may read.
    """

    _name = "beneficiary.history"
    _inherit = ["beneficiary.mixin"]
    _description = "History of a File"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "title"

    date = fields.Datetime(readonly=True)
    kind = fields.Selection(
        [
            ("interaction", "Interaction"),
            ("request", "Application"),
            ("document", "Document"),
            ("decision", "Decision"),
            ("delivery", "Delivery"),
        ],
        readonly=True,
    )
    # The row's identifier is computed of these two: they are found by an index.
    record_id = fields.Integer(readonly=True, aggregator=None)
    title = fields.Char(compute="_compute_title")
    reference = fields.Char(string="Request Number", readonly=True)
    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary", string="File", readonly=True
    )
    request_id = fields.Many2one("beneficiary.request", readonly=True)
    branch_id = fields.Many2one("beneficiary.branch", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        parts = [self._select_source(kind) for kind in KINDS]
        return SQL(" UNION ALL ").join(filter(None, parts))

    def _select_source(self, kind):
        """Return the rows of ``kind`` that the acting user may read, as SQL.

        PostgreSQL applies a filter on the file inside each part of the union, where
        the index on the file finds the rows.
        """
        source = SOURCES[kind]
        model = self.env[source.model]
        if not model.has_access("read"):
            return None
        query = model._search(list(source.domain), active_test=False)
        owner, alias = model, model._table
        if source.request == "request_id":
            owner = self.env["beneficiary.request"]
            alias = query.join(alias, "request_id", owner._table, "id", "history")

        def column(model, alias, name):
            return model._field_to_sql(alias, name, query)

        record_id = SQL.identifier(model._table, "id")
        dates = [column(model, model._table, name) for name in source.dates]
        has_number = source.request is not None
        return query.select(
            SQL("%s * %s + %s AS id", record_id, SLOTS, KINDS.index(kind)),
            SQL("COALESCE(%s) AS date", SQL(", ").join(dates)),
            SQL("%s AS kind", kind),
            SQL("%s AS record_id", record_id),
            SQL(
                "%s AS reference",
                column(owner, alias, "name") if has_number else SQL("NULL::varchar"),
            ),
            SQL("%s AS beneficiary_id", column(owner, alias, "beneficiary_id")),
            SQL(
                "%s AS request_id",
                column(owner, alias, "id") if has_number else SQL("NULL::integer"),
            ),
            SQL("%s AS branch_id", column(owner, alias, "branch_id")),
            SQL("%s AS company_id", column(owner, alias, "company_id")),
        )

    def _search(self, domain, *args, **kwargs):
        domain = Domain(domain).map_conditions(self._look_up)
        return super()._search(domain, *args, **kwargs)

    def _look_up(self, condition):
        """Say of which records the rows are, so that an index finds them."""
        ids = condition.value
        if (condition.field_expr, condition.operator) != ("id", "in"):
            return condition
        if not isinstance(ids, LISTS):  # a sub-query
            return condition
        by_kind = defaultdict(list)
        for row_id in ids:
            if isinstance(row_id, int):
                by_kind[row_id % SLOTS].append(row_id // SLOTS)
        return condition & Domain.OR(
            Domain("kind", "=", kind) & Domain("record_id", "in", by_kind[place])
            for place, kind in enumerate(KINDS)
        )

    @api.depends("kind")
    def _compute_title(self):
        for kind, rows in self.grouped("kind").items():
            for row, record in zip(rows, rows._get_records(kind), strict=True):
                row.title = SOURCES[kind].title(record)

    def _get_records(self, kind):
        """Return the records of these rows, which are all of ``kind``."""
        return self.env[SOURCES[kind].model].browse(row.id // SLOTS for row in self)

    def action_open(self):
        """Open the record of this row."""
        self.ensure_one()
        self.check_access("read")
        return self._get_records(KINDS[self.id % SLOTS]).get_formview_action()
