from odoo import api, models
from odoo.tools import SQL


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model
    def _next_by_code_batch(self, code, count):
        """Draw ``count`` numbers of the current company's sequence at once.

        :param code: code of the sequence, looked up as ``next_by_code`` does
        :param count: how many numbers
        :return: list of ``count`` interpolated numbers, in order; one query
            for a standard sequence, however many are drawn
        """
        sequence = (
            self.sudo().search(  # numbers are drawn by people who may not read them
                [
                    ("code", "=", code),
                    ("company_id", "in", [self.env.company.id, False]),
                ],
                order="company_id",
                limit=1,
            )
        )
        if sequence.implementation != "standard" or sequence.use_date_range:
            return [sequence._next() for _number in range(count)]
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        prefix, suffix = sequence._get_prefix_suffix()
        return [f"{prefix}{number:0{sequence.padding}d}{suffix}" for (number,) in rows]
