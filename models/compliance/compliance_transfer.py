from odoo import fields, models
from odoo.tools import SQL

from .compliance_request import STATE


class ComplianceTransfer(models.Model):
    """A transfer that the bank answered: it was paid, or it was sent back (R50, R52).

    The day is the day on which the bank paid or, for what came back, the day on which
    this was recorded. A transfer that came back was paid again once each of its
    deliveries has reached the person, in its own place or in the place of one that came
    back as well. What is still with the bank does not count.
    """

    _name = "beneficiary.compliance.transfer"
    _inherit = ["beneficiary.compliance.source.mixin"]
    _description = "Compliance of a Transfer"
    _auto = False
    _rec_name = "reference"
    _compliance_source = "transfer"
    _compliance_record = "beneficiary.disbursement.line"
    _compliance_facts = ("state", "is_paid_again")
    _compliance_amount = "amount"
    _has_moment = False
    _depends = {  # noqa: RUF012 - Odoo's own attribute
        "beneficiary.disbursement.line": [
            "amount",
            "company_id",
            "disbursement_id",
            "name",
            "paid_on",
            "returned_on",
            "state",
        ],
        "beneficiary.delivery": ["corrects_id", "disbursement_line_id", "state"],
    }

    reference = fields.Char(readonly=True)
    disbursement_id = fields.Many2one(
        "beneficiary.disbursement", string="List of Disbursement", readonly=True
    )
    state = fields.Selection(
        selection=lambda self: (
            self.env["beneficiary.disbursement.line"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        readonly=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(readonly=True)
    transfer_made = fields.Selection(STATE, readonly=True)
    transfer_returned = fields.Selection(STATE, readonly=True)
    transfer_repaid = fields.Selection(STATE, string="Paid Again", readonly=True)

    def _get_record(self):
        return self.disbursement_id

    def _get_facts(self, at_once=False):
        day = SQL(
            "CASE WHEN transfer.state = 'paid' THEN transfer.paid_on ELSE %s END",
            self._get_day(SQL("transfer.returned_on")),
        )
        return SQL(
            """
            SELECT transfer.id, transfer.name AS reference, transfer.disbursement_id,
                   transfer.company_id, transfer.state, transfer.amount,
                   CASE WHEN transfer.state = 'returned'
                        THEN %(paid_again)s END AS is_paid_again,
                   %(day)s AS day, NULL::timestamp AS moment, %(origin)s AS origin,
                   %(policy)s AS policy_id
              FROM beneficiary_disbursement_line transfer
              JOIN association ON association.id = transfer.company_id
             WHERE transfer.state IN ('paid', 'returned')
            """,
            paid_again=self._get_paid_again(),
            day=day,
            origin=self._get_origin_of_day(day),
            policy=self._get_policy_on(day),
        )

    def _get_paid_again(self):
        """Return the SQL of whether all deliveries of a transfer were made later on."""
        return SQL(
            """(WITH RECURSIVE again AS (
                    SELECT id AS first_id, id, state FROM beneficiary_delivery
                     WHERE disbursement_line_id = transfer.id
                     UNION ALL
                    SELECT again.first_id, later.id, later.state
                      FROM again
                      JOIN beneficiary_delivery later ON later.corrects_id = again.id
                )
                SELECT bool_and(is_made)
                  FROM (SELECT bool_or(state IN ('handed', 'received')) AS is_made
                          FROM again GROUP BY first_id) delivery)"""
        )

    def _get_clauses(self):
        returned = SQL("fact.state = 'returned'")
        return {
            "transfer_made": self._judge(SQL("TRUE"), SQL("fact.state = 'paid'")),
            "transfer_returned": SQL("CASE WHEN %s THEN 'kept' END", returned),
            "transfer_repaid": self._judge(returned, SQL("fact.is_paid_again")),
        }
