from odoo import api, fields, models

INCOME_TYPES = [
    ("salary", "Salary"),
    ("pension", "Pension"),
    ("security", "Social Security"),
    ("support", "Support of Others"),
    ("property", "Property or Trade"),
    ("other_income", "Other Income"),
]
# Rent is not in this list: it is a field of the file, next to the housing.
EXPENSE_TYPES = [
    ("food", "Food"),
    ("utilities", "Electricity and Water"),
    ("transport", "Transport"),
    ("schooling", "Schooling"),
    ("care", "Medical Care"),
    ("loan", "Loans and Instalments"),
    ("other_expense", "Other Expense"),
]


class IncomeLine(models.Model):
    """A monthly income or expense of a household.

    :Who may: everybody who works with the file *and* reads finance data
        (``group_finance``).
    """

    _name = "beneficiary.income.line"
    _inherit = [
        "beneficiary.whole.mixin",
        "beneficiary.declared.mixin",
        "beneficiary.trace.line.mixin",
        "beneficiary.file.line.mixin",
        "beneficiary.mixin",
    ]
    _description = "Income or Expense"
    _order = "beneficiary_id, kind desc, id"
    _rec_name = "type"
    _check_company_auto = True
    _declared_fields = frozenset(["beneficiary_id", "type", "amount"])
    _traced_on = ("beneficiary_id", "income_line_ids")
    _traced_fields = ("type", "amount", "source")

    currency_id = fields.Many2one(related="company_id.currency_id")
    type = fields.Selection(INCOME_TYPES + EXPENSE_TYPES, required=True)
    kind = fields.Selection(
        [("income", "Income"), ("expense", "Expense")],
        compute="_compute_kind",
        store=True,
        precompute=True,
    )
    amount = fields.Monetary(string="Monthly Amount", required=True)
    source = fields.Char(help="The payer, or the evidence for it.")

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A monthly amount is more than zero."
    )

    @api.depends("type")
    def _compute_kind(self):
        incomes = dict(INCOME_TYPES)
        for line in self:
            line.kind = "income" if line.type in incomes else "expense"
