from odoo import api, fields, models

from .delivery import MONEY_KINDS


class ServiceBudget(models.Model):
    """What of a budget was paid out: cash and coupons handed over in its period (R52).

    Values of goods are left out, because they are not money.
    """

    _inherit = "beneficiary.service.budget"

    paid = fields.Monetary(
        string="Paid Out",
        compute="_compute_paid",
        compute_sudo=True,
        help="Money that was handed over or transferred in the period, without what "
        "came back.",
    )
    to_pay = fields.Monetary(
        string="Not Paid Out Yet", compute="_compute_paid", compute_sudo=True
    )

    @api.depends("service_id", "date_from", "date_to", "amount")
    def _compute_paid(self):
        paid = self._get_paid_by_day()
        for budget in self:
            budget.paid = sum(
                amount
                for day, amount in paid.get(budget.service_id._origin.id, ())
                if budget.date_from
                and budget.date_to
                and budget.date_from <= day <= budget.date_to
            )
            budget.to_pay = budget.amount - budget.paid

    def _get_paid_by_day(self):
        """Return lists of (day, amount) that was paid out, by service."""
        dated = self.filtered(lambda budget: budget.date_from and budget.date_to)
        if not dated:
            return {}
        groups = self.env["beneficiary.delivery"]._read_group(
            [
                ("service_id", "in", dated.service_id._origin.ids),
                ("kind", "in", list(MONEY_KINDS)),
                ("state", "in", ("handed", "received")),
                ("handed_on", ">=", min(dated.mapped("date_from"))),
                ("handed_on", "<=", max(dated.mapped("date_to"))),
            ],
            ["service_id", "handed_on:day"],
            ["amount:sum"],
        )
        paid = {}
        for service, day, amount in groups:
            paid.setdefault(service.id, []).append((day, amount))
        return paid
