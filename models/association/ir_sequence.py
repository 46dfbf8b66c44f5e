from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, ormcache

from .res_company_sequence import SEQUENCES


class IrSequence(models.Model):
    """The addon draws a number when it makes a record; nobody draws one by hand.

    Odoo lets every colleague draw from any sequence. A letter number drawn by hand
    would look like a missing paper.
    """

    _inherit = "ir.sequence"

    def next_by_id(self, sequence_date=None):
        # The code says whose sequence it is, whoever asks.
        self._refuse_drawing(self.sudo().mapped("code"))
        return super().next_by_id(sequence_date=sequence_date)

    @api.model
    def next_by_code(self, sequence_code, sequence_date=None):
        self._refuse_drawing([sequence_code])
        return super().next_by_code(sequence_code, sequence_date=sequence_date)

    @api.model
    def _refuse_drawing(self, codes):
        if not self.env.su and {*SEQUENCES} & {*codes}:
            raise AccessError(
                self.env._(
                    "Files, requests, deliveries, letters and sessions get their "
                    "numbers when they are made. Nobody draws them by hand."
                )
            )

    @api.model
    def _next_by_code_batch(self, code, count):
        """Draw ``count`` numbers of the current company's sequence at once.

        :param code: code of the sequence, looked up as ``next_by_code`` does
        :param count: how many numbers
        :return: list of ``count`` interpolated numbers, in order; one query draws them
            all, except for standard sequences with date ranges
        """
        # Users who draw a number may not read the sequences.
        sequence = self.sudo().browse(self._find_id(code, self.env.company.id))
        if sequence.implementation == "no_gap":
            return sequence._draw_without_gaps(count)
        if sequence.use_date_range:
            return [sequence._next() for _number in range(count)]
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        return sequence._interpolate_numbers(number for (number,) in rows)

    @api.model
    @ormcache("code", "company_id")
    def _find_id(self, code, company_id):
        """Return the id of the sequence that ``next_by_code`` would take, or False."""
        return (
            self.sudo()
            .search(
                [("code", "=", code), ("company_id", "in", [company_id, False])],
                order="company_id",
                limit=1,
            )
            .id
        )

    @api.model_create_multi
    def create(self, vals_list):
        sequences = super().create(vals_list)
        self.env.registry.clear_cache()  # see `_find_id`
        return sequences

    def write(self, vals):
        result = super().write(vals)
        if {"active", "code", "company_id"} & vals.keys():
            self.env.registry.clear_cache()  # see `_find_id`
        return result

    def unlink(self):
        self.env.registry.clear_cache()  # see `_find_id`
        return super().unlink()

    def _draw_without_gaps(self, count):
        """Draw numbers that a rollback gives back.

        The row stays locked until the transaction ends. A second transaction waits,
        then fails and is retried: no number is drawn twice.
        """
        today = self.env.company._get_beneficiary_today()
        row = self._get_current_sequence(today)
        step = self.number_increment
        drawn = step * count
        row.flush_recordset(["number_next"])
        [(first,)] = self.env.execute_query(
            SQL(
                "UPDATE %(table)s SET number_next = number_next + %(drawn)s"
                " WHERE id = %(row)s RETURNING number_next - %(drawn)s",
                table=SQL.identifier(row._table),
                drawn=drawn,
                row=row.id,
            )
        )
        row.invalidate_recordset(["number_next", "number_next_actual"])
        # The year in a number follows the association's time zone.
        dated = self.with_context(ir_sequence_date=today)
        if self.use_date_range:
            dated = dated.with_context(ir_sequence_date_range=row.date_from)
        return dated._interpolate_numbers(range(first, first + drawn, step))

    def _interpolate_numbers(self, numbers):
        """Return ``numbers`` as they are printed."""
        prefix, suffix = self._get_prefix_suffix()
        return [f"{prefix}{number:0{self.padding}d}{suffix}" for number in numbers]
