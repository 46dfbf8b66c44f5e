"""Requests, files and deliveries are numbered by each association for itself.

Until 1.1 all associations drew from one sequence. Each goes on where that one was, in
the form that it had: no number comes twice.
"""

from odoo import SUPERUSER_ID, Command, api

CODES = ("beneficiary.beneficiary", "beneficiary.request", "beneficiary.delivery")
FORM = ("prefix", "suffix", "padding", "number_increment", "use_date_range")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    shared = env["ir.sequence"].search(
        [("code", "in", CODES), ("company_id", "=", False)]
    )
    for sequence in shared:
        sequence.code += ".shared"
    env["res.company"]._make_all_beneficiary_sequences()
    for sequence in shared:
        code = sequence.code.removesuffix(".shared")
        own = env["ir.sequence"].search(
            [("code", "=", code), ("company_id", "!=", False)]
        )
        for company_sequence in own:
            _carry_over(sequence, company_sequence)
    shared.unlink()


def _carry_over(shared, own):
    own.write({name: shared[name] for name in FORM})
    # An administrator may have made one for an association: it may be ahead or behind.
    own.number_next_actual = max(own.number_next_actual, shared.number_next_actual)
    for period in shared.date_range_ids:
        own.date_range_ids = [
            Command.create(
                {
                    "date_from": period.date_from,
                    "date_to": period.date_to,
                    "number_next": period.number_next_actual,
                }
            )
        ]
