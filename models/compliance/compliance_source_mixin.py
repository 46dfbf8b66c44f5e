from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...rules import compliance

# The marks that say nothing, at both ends of a text.
EMPTY_MARKS = " \n\r\t.-_"
READING_MEMORY = "128MB"


class ComplianceSourceMixin(models.AbstractModel):
    """Records seen through the policy: a row for each, a column for each clause.

    A column of a clause is :data:`rules.compliance.KEPT` or
    :data:`rules.compliance.BROKEN`, or empty where the clause does not apply. The rows
    come from SQL and nothing is stored, so no figure goes stale. Days are days of the
    association.

    :Who may: managers and auditors read.
    """

    _name = "beneficiary.compliance.source.mixin"
    _inherit = ["beneficiary.mixin"]
    _description = "Rows of the Compliance Page"
    _order = "day desc, id desc"

    # Key of this source in ``rules.compliance.FIGURES``.
    _compliance_source = None
    # The model whose ids the rows have.
    _compliance_record = None

    company_id = fields.Many2one("res.company", readonly=True)
    policy_id = fields.Many2one("beneficiary.policy", readonly=True)
    day = fields.Date(
        readonly=True, help="The day in the association's time zone that counts."
    )
    origin = fields.Selection(
        [
            (compliance.LIVED, "Made Here"),
            (compliance.MIGRATED, "Migrated"),
            (compliance.BEFORE, "Before the Policy"),
        ],
        readonly=True,
    )

    def _get_rows(self):
        """Return the :class:`SQL` of all rows, after ``WITH association AS (…)``."""
        raise NotImplementedError

    @property
    def _table_query(self):
        return SQL("WITH %s %s", self._get_association(), self._get_rows())

    # -- parts of the SQL --------------------------------------------------------------

    def _get_association(self):
        """Return a common table of the associations: time zone and first policy day."""
        calendar = self.env["ir.model.data"]._xmlid_to_res_id(
            "beneficiary_relations.resource_calendar_riyadh"
        )
        return SQL(
            """association AS MATERIALIZED (
                SELECT company.id,
                       COALESCE(calendar.tz, 'Asia/Riyadh') AS zone,
                       (SELECT min(in_force_on) FROM beneficiary_policy
                         WHERE company_id = company.id AND state != 'draft'
                       ) AS first_day
                  FROM res_company company
             LEFT JOIN resource_calendar calendar
                    ON calendar.id = COALESCE(company.beneficiary_calendar_id, %s))
            """,
            calendar,
        )

    def _get_day(self, moment):
        """Return the SQL of the association's day of ``moment``, a SQL in UTC."""
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE association.zone)::date", moment
        )

    def _get_today(self):
        return self._get_day(SQL("%s::timestamp", fields.Datetime.now()))

    def _get_origin(self, day, migrated=None):
        """Return the SQL of the origin of a row of ``day``."""
        return SQL(
            """CASE WHEN %s THEN 'migrated'
                    WHEN association.first_day IS NULL
                      OR %s < association.first_day THEN 'before'
                    ELSE 'lived' END""",
            migrated or SQL("FALSE"),
            day,
        )

    def _get_policy_on(self, day):
        """Return the SQL of the id of the policy in force on ``day``, a SQL."""
        return SQL(
            """(SELECT id FROM beneficiary_policy
                 WHERE company_id = association.id AND state != 'draft'
                   AND in_force_on <= %s
              ORDER BY in_force_on DESC, version DESC, id DESC LIMIT 1)""",
            day,
        )

    def _says(self, column):
        """Return the SQL of whether the text ``column``, a SQL, says something."""
        return SQL("btrim(COALESCE(%s, ''), %s) != ''", column, EMPTY_MARKS)

    def _judge(self, applies, keeps):
        """Return the SQL of a clause: empty, kept or broken."""
        return SQL(
            "CASE WHEN %s THEN CASE WHEN %s THEN 'kept' ELSE 'broken' END END",
            applies,
            keeps,
        )

    # -- speed -------------------------------------------------------------------------

    def _prepare_reading(self):
        """Tell PostgreSQL, for this transaction, how to read many rows at once.

        To compile such a query takes longer than to run it, and its steps fit into
        memory.
        """
        self.env.cr.execute(
            "SELECT set_config('jit', 'off', TRUE), set_config('work_mem', %s, TRUE)",
            [READING_MEMORY],
        )

    def _search(self, *args, **kwargs):
        self._prepare_reading()
        return super()._search(*args, **kwargs)

    # -- the figures -------------------------------------------------------------------

    def _get_figures(self):
        return [
            figure
            for figure in compliance.FIGURES
            if figure.source == self._compliance_source
        ]

    def _get_chosen(self, company, period, policy):
        """Return the SQL condition of the rows of both periods."""
        chosen = SQL(
            "source.company_id = %s AND source.day BETWEEN %s AND %s",
            company.id,
            period.before,
            period.end,
        )
        if policy:
            chosen = SQL("%s AND source.policy_id = %s", chosen, policy.id)
        return chosen

    def _measure(self, company, period, policy):
        """Return the figures of this source, by one pass over its records.

        :param company: the association
        :param period: a :class:`rules.compliance.Period`
        :param policy: a version of the policy, or an empty record for all
        :return: three dicts: ``{code: {True: (kept, total), False: (kept, total)}}``,
            where True is the period and False the one before it; the number of records
            on each channel, ``{(channel id, is_now): count}``; and of those that stand
            apart, ``{(origin, is_now): count}``
        """
        figures = self._get_figures()
        columns = [
            SQL(
                "count(*) FILTER (WHERE %(name)s = 'kept'), count(%(name)s)",
                name=SQL.identifier(figure.code),
            )
            for figure in figures
        ]
        channel = "channel_id" if "channel_id" in self._fields else None
        self._prepare_reading()
        # OFFSET: each clause is worked out once for a row, and then counted.
        rows = self.env.execute_query(
            SQL(
                "SELECT origin, day >= %s, %s, count(*), %s FROM"
                " (SELECT * FROM (%s) source WHERE %s OFFSET 0) chosen"
                " GROUP BY 1, 2, 3",
                period.start,
                SQL.identifier(channel) if channel else SQL("NULL"),
                SQL(", ").join(columns),
                self._table_query,
                self._get_chosen(company, period, policy),
            )
        )
        found = {figure.code: {True: (0, 0), False: (0, 0)} for figure in figures}
        uses, apart = Counter(), Counter()
        for origin, is_now, channel_id, count, *numbers in rows:
            if origin != compliance.LIVED:
                apart[origin, is_now] += count
                continue
            uses[channel_id, is_now] += count
            for place, figure in enumerate(figures):
                kept, total = found[figure.code][is_now]
                more, rows_more = numbers[2 * place : 2 * place + 2]
                found[figure.code][is_now] = (kept + more, total + rows_more)
        return found, uses, apart

    # -- the records behind a row ------------------------------------------------------

    def _get_record(self):
        """Return the record that this row is about."""
        raise NotImplementedError

    def action_open(self):
        """Open the record behind this row, if the user may read it."""
        self.ensure_one()
        self.check_access("read")
        record = self._get_record().exists()
        if not record:
            raise UserError(self.env._("This record is gone."))
        record.check_access("read")
        return record.get_formview_action()
