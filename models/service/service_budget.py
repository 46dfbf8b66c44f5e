from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceBudget(models.Model):
    """The amount that an association plans to spend on a service in a period (R45).

    A budget is optional and stops nothing: for requests beyond it, staff get advice.

    :Who may: managers edit budgets. Only officers, committee members and auditors read
        them, because the spent amount reveals decisions.
    """

    _name = "beneficiary.service.budget"
    _inherit = [
        "beneficiary.service.line.mixin",
        "beneficiary.trace.line.mixin",
        "beneficiary.mixin",
    ]
    _description = "Budget of a Service"
    _order = "service_id, date_from desc"
    _check_company_auto = True
    _traced_on = ("service_id", "budget_ids")
    _traced_fields = ("date_from", "date_to", "amount")

    service_id = fields.Many2one(
        "beneficiary.service", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="service_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    amount = fields.Monetary(string="Budget", required=True)
    spent = fields.Monetary(
        compute="_compute_spent",
        compute_sudo=True,
        help="Granted by the committee in the period, of requests that were not "
        "cancelled.",
    )
    remaining = fields.Monetary(compute="_compute_spent", compute_sudo=True)

    _period = models.Index("(service_id, date_from, date_to)")
    _dates_ordered = models.Constraint(
        "CHECK (date_from <= date_to)", "A period ends after it begins."
    )
    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A budget must be greater than zero."
    )

    @api.depends("date_from", "date_to", "service_id")
    def _compute_display_name(self):
        for budget in self:
            budget.display_name = (
                f"{budget.service_id.name} {budget.date_from} – {budget.date_to}"
            )

    @api.depends("service_id", "date_from", "date_to", "amount")
    def _compute_spent(self):
        granted = self._get_granted_by_day()
        for budget in self:
            budget.spent = sum(
                amount
                for day, amount in granted.get(budget.service_id._origin.id, ())
                if budget.date_from
                and budget.date_to
                and budget.date_from <= day <= budget.date_to
            )
            budget.remaining = budget.amount - budget.spent

    def _get_granted_by_day(self):
        """Return the amounts granted for the services in all of the periods.

        :return: dict of lists of (day in the association's time zone, amount), by
            service
        """
        granted = {}
        dated = self.filtered(lambda budget: budget.date_from and budget.date_to)
        for company, budgets in dated.grouped("company_id").items():
            zone = company._get_beneficiary_timezone()
            margin = timedelta(days=1)  # time zones begin a day at other moments
            groups = (
                self.env["beneficiary.decision"]
                .with_context(tz=zone)
                ._read_group(
                    [
                        ("state", "=", "taken"),
                        ("outcome", "=", "accepted"),
                        ("superseded_on", "=", False),
                        ("request_id.state", "!=", "cancelled"),
                        ("request_id.service_id", "in", budgets.service_id.ids),
                        ("decided_on", ">=", min(budgets.mapped("date_from")) - margin),
                        (
                            "decided_on",
                            "<=",
                            max(budgets.mapped("date_to")) + 2 * margin,
                        ),
                    ],
                    ["request_id.service_id", "decided_on:day"],
                    ["amount_granted:sum"],
                )
            )
            for service, moment, amount in groups:
                granted.setdefault(service.id, []).append((moment.date(), amount))
        return granted

    @api.constrains("service_id", "date_from", "date_to")
    def _check_periods(self):
        """Refuse overlapping periods: a day has at most one budget."""
        for budget in self:
            overlapping = self.search(
                [
                    ("id", "!=", budget.id),
                    ("service_id", "=", budget.service_id.id),
                    ("date_from", "<=", budget.date_to),
                    ("date_to", ">=", budget.date_from),
                ],
                limit=1,
            )
            if overlapping:
                raise ValidationError(
                    self.env._(
                        "The period overlaps another one of this service: from "
                        "%(date_from)s to %(date_to)s. Change its dates.",
                        date_from=overlapping.date_from,
                        date_to=overlapping.date_to,
                    )
                )
