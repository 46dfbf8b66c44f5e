from collections import Counter
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...rules import compliance, evidence


class ComplianceSourceMixin(models.AbstractModel):
    """Records seen through the policy: a row for each, a column for each clause.

    A column of a clause is :data:`rules.compliance.KEPT` or
    :data:`rules.compliance.BROKEN`, or empty where the clause does not apply. The rows
    come from SQL and nothing is stored, so no figure goes stale. Days are days of the
    association.

    :Who may: managers and auditors read.
    """

    _name = "beneficiary.compliance.source.mixin"
    _inherit = ["beneficiary.reading.mixin", "beneficiary.mixin"]
    _description = "Rows of the Compliance Page"
    _order = "moment desc, day desc, id desc"

    # Key of this source in ``rules.compliance.FIGURES``.
    _compliance_source = None
    # The model whose ids the rows have.
    _compliance_record = None
    # The columns on which the clauses depend.
    _compliance_facts = ()
    # The column of money whose sum is told of those that keep a clause.
    _compliance_amount = None
    # Whether the rows have a moment, and not only a day.
    _has_moment = True

    company_id = fields.Many2one("res.company", readonly=True)
    policy_id = fields.Many2one("beneficiary.policy", readonly=True)
    day = fields.Date(
        readonly=True, help="The day in the association's time zone that counts."
    )
    moment = fields.Datetime(
        readonly=True,
        help="The moment whose day counts; empty where only a day is known.",
    )
    origin = fields.Selection(
        [
            (compliance.LIVED, "Made Here"),
            (compliance.MIGRATED, "Migrated"),
            (compliance.BEFORE, "Before the Policy"),
        ],
        readonly=True,
    )

    def _get_facts(self, at_once=False):
        """Return the :class:`SQL` of a row for each record, before it is judged.

        It stands after ``WITH association AS (…)`` and what :meth:`_get_tables` adds.

        :param at_once: whether all records are read, and none on its own
        """
        raise NotImplementedError

    def _get_tables(self):
        """Return the :class:`SQL` of further common tables, each after a comma."""
        return SQL()

    def _get_clauses(self):
        """Return the :class:`SQL` of each clause over a row ``fact``, by its code."""
        return {}

    def _get_law(self):
        """Return the :class:`SQL` that joins ``fact`` with what its policy asks for."""
        return SQL()

    @property
    def _table_query(self):
        return SQL(
            "WITH %(association)s %(tables)s"
            " SELECT fact.* %(clauses)s FROM (%(facts)s) fact %(law)s",
            association=self._get_association(),
            tables=self._get_tables(),
            clauses=SQL().join(
                SQL(", %s AS %s", clause, SQL.identifier(code))
                for code, clause in self._get_clauses().items()
            ),
            facts=self._get_facts(),
            law=self._get_law(),
        )

    # -- parts of the SQL --------------------------------------------------------------

    def _get_association(self):
        """Return common tables of the associations: time zone, today, first day."""
        calendar = self.env["ir.model.data"]._xmlid_to_res_id(
            "beneficiary_relations.resource_calendar_riyadh"
        )
        return SQL(
            """ruled AS (
                SELECT company.id,
                       COALESCE(calendar.tz, 'Asia/Riyadh') AS zone,
                       (SELECT min(in_force_on) FROM beneficiary_policy
                         WHERE company_id = company.id AND state != 'draft'
                       ) AS first_day
                  FROM res_company company
             LEFT JOIN resource_calendar calendar
                    ON calendar.id = COALESCE(company.beneficiary_calendar_id, %s)
            ), association AS MATERIALIZED (
                SELECT ruled.*,
                       (%s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE zone)::date
                           AS today,
                       -- The first of two midnights where the clocks go back to it.
                       CASE WHEN (midnight - interval '1 hour')
                                 AT TIME ZONE zone >= first_day
                            THEN midnight - interval '1 hour'
                            ELSE midnight END AT TIME ZONE 'UTC' AS first_moment
                  FROM ruled,
                       LATERAL (SELECT first_day::timestamp AT TIME ZONE zone
                                       AS midnight) AS start)
            """,
            calendar,
            fields.Datetime.now(),
        )

    def _get_day(self, moment):
        """Return the SQL of the association's day of ``moment``, a SQL in UTC."""
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE association.zone)::date", moment
        )

    def _get_origin(self, moment, migrated=None):
        """Return the SQL of the origin of a row of ``moment``, a SQL in UTC.

        The moments are compared: to work out the day of each row takes far longer.
        """
        return self._tell_origin(SQL("%s < association.first_moment", moment), migrated)

    def _get_origin_of_day(self, day):
        """Return the SQL of the origin of a row of which only the day is known."""
        return self._tell_origin(SQL("%s < association.first_day", day))

    def _tell_origin(self, is_before, migrated=None):
        return SQL(
            """CASE WHEN %s THEN 'migrated'
                    WHEN association.first_day IS NULL OR %s THEN 'before'
                    ELSE 'lived' END""",
            migrated or SQL("FALSE"),
            is_before,
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
        return SQL("btrim(COALESCE(%s, ''), %s) != ''", column, evidence.EMPTY_MARKS)

    def _judge(self, applies, keeps):
        """Return the SQL of a clause: empty, kept or broken."""
        return SQL(
            "CASE WHEN %s THEN CASE WHEN %s THEN 'kept' ELSE 'broken' END END",
            applies,
            keeps,
        )

    # -- the figures -------------------------------------------------------------------

    def _get_figures(self):
        return [
            figure
            for figure in compliance.FIGURES
            if figure.source == self._compliance_source
        ]

    def _get_days_domain(self, company, first, last):
        """Return the domain of the rows of these days of the association."""
        if not self._has_moment:
            return Domain("day", ">=", first) & Domain("day", "<=", last)
        start, end = self._get_bounds(company, first, last)
        return Domain("moment", ">=", start) & Domain("moment", "<", end)

    def _get_bounds(self, company, first, last):
        """Return the first moment (UTC) of ``first``, and that after ``last``."""
        return (
            company._get_beneficiary_end_of_day(day) + timedelta(seconds=1)
            for day in (first - timedelta(1), last)
        )

    def _get_limit(self, company, day):
        """Return the column that counts, and its value where ``day`` begins, as SQL."""
        if not self._has_moment:
            return SQL("source.day"), day
        start, _end = self._get_bounds(company, day, day)
        return SQL("source.moment"), start

    def _get_chosen(self, company, period, policy):
        """Return the SQL condition of the rows of both periods."""
        column, start = self._get_limit(company, period.before)
        _column, end = self._get_limit(company, period.end + timedelta(1))
        chosen = SQL(
            "source.company_id = %(company)s AND %(column)s >= %(start)s"
            " AND %(column)s < %(end)s",
            company=company.id,
            column=column,
            start=start,
            end=end,
        )
        if policy:
            chosen = SQL("%s AND source.policy_id = %s", chosen, policy.id)
        return chosen

    def _measure(self, company, period, policy):
        """Return the figures of this source, by one pass over its records.

        Records that are alike in all facts are judged once, and counted.

        :param company: the association
        :param period: a :class:`rules.compliance.Period`
        :param policy: a version of the policy, or an empty record for all
        :return: four dicts: ``{code: {True: (kept, total), False: (kept, total)}}``,
            where True is the period and False the one before it; the amount of those
            that keep a clause, ``{(code, is_now): amount}``; the number of records on
            each channel, ``{(channel id, is_now): count}``; and of those that stand
            apart, ``{(origin, is_now): count}``
        """
        figures = self._get_figures()
        column, start = self._get_limit(company, period.start)
        channel = ("channel_id",) if "channel_id" in self._fields else ()
        rows = self.env.execute_query(
            SQL(
                """
                WITH %(association)s %(tables)s
                SELECT fact.count, fact.amount, fact.origin, fact.is_now, %(channel)s,
                       %(figures)s
                  FROM (SELECT count(*) AS count, %(amount)s AS amount,
                               %(column)s >= %(start)s AS is_now,
                               %(facts)s
                          FROM (%(records)s) source
                         WHERE %(chosen)s
                      GROUP BY is_now, %(facts)s) fact %(law)s
                """,
                association=self._get_association(),
                tables=self._get_tables(),
                channel=SQL.identifier("fact", *channel) if channel else SQL("NULL"),
                amount=SQL("sum(%s)", SQL.identifier("source", self._compliance_amount))
                if self._compliance_amount
                else SQL("0"),
                figures=SQL(", ").join(
                    self._get_clauses()[figure.code] for figure in figures
                ),
                column=column,
                start=start,
                facts=SQL(", ").join(
                    SQL.identifier("source", name)
                    for name in ("origin", *channel, *self._compliance_facts)
                ),
                records=self._get_facts(at_once=True),
                chosen=self._get_chosen(company, period, policy),
                law=self._get_law(),
            )
        )
        found = {figure.code: {True: (0, 0), False: (0, 0)} for figure in figures}
        amounts, uses, apart = Counter(), Counter(), Counter()
        for count, amount, origin, is_now, channel_id, *marks in rows:
            if origin != compliance.LIVED:
                apart[origin, is_now] += count
                continue
            uses[channel_id, is_now] += count
            for figure, mark in zip(figures, marks, strict=True):
                if mark:
                    kept, total = found[figure.code][is_now]
                    kept += count * (mark == compliance.KEPT)
                    found[figure.code][is_now] = (kept, total + count)
                if mark == compliance.KEPT:
                    amounts[figure.code, is_now] += amount
        return found, amounts, uses, apart

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
