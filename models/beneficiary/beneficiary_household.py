from odoo import api, fields, models

FINANCE = "beneficiary_relations.group_finance"
HEALTH = "beneficiary_relations.group_health"


class BeneficiaryHousehold(models.Model):
    """How a file's people live: household, income, housing, health, school, work.

    Totals depend on today's date and on other tables: they are computed when they
    are read, and never stored.
    """

    _inherit = "beneficiary.beneficiary"
    # An account is told by its last digits; of an illness, only that it was written.
    _masked_fields = {
        "iban": 4,
        "health_conditions": 0,
        "chronic_illness": 0,
        "disability": 0,
    }

    currency_id = fields.Many2one(related="company_id.currency_id")
    household_member_ids = fields.One2many(
        "beneficiary.household.member",
        "beneficiary_id",
        string="Household",
        tracking=True,
    )
    member_count = fields.Integer(string="Dependants", compute="_compute_counts")
    minor_count = fields.Integer(
        string="Minors",
        compute="_compute_counts",
        help="Dependants under 18 today.",
    )
    income_line_ids = fields.One2many(
        "beneficiary.income.line",
        "beneficiary_id",
        string="Income and Expenses",
        groups=FINANCE,
        tracking=True,
    )
    income_total = fields.Monetary(
        string="Monthly Income",
        compute="_compute_income_totals",
        groups=FINANCE,
        help="Includes the income of the dependants.",
    )
    income_is_recorded = fields.Boolean(
        compute="_compute_income_totals",
        groups=FINANCE,
        help="Whether any income was written down: none is not the same as unknown.",
    )
    expense_total = fields.Monetary(
        string="Monthly Expenses",
        compute="_compute_income_totals",
        groups=FINANCE,
        help="With the rent.",
    )
    income_per_head = fields.Monetary(
        compute="_compute_income_totals",
        groups=FINANCE,
        help="Monthly income divided by the number of people who live on it: the head "
        "and the dependants.",
    )
    iban = fields.Char(string="IBAN", copy=False, groups=FINANCE, tracking=True)
    bank_account_holder = fields.Char(
        string="Account Holder", copy=False, groups=FINANCE, tracking=True
    )
    housing_kind = fields.Selection(
        [
            ("owned", "Owned"),
            ("rented", "Rented"),
            ("charity", "Charity Housing"),
            ("government", "Government Housing"),
            ("family", "With Relatives"),
            ("other", "Other"),
        ],
        string="Housing",
    )
    housing_rent = fields.Monetary(string="Monthly Rent", groups=FINANCE, tracking=True)
    housing_condition = fields.Selection(
        [
            ("good", "Good"),
            ("fair", "Fair"),
            ("poor", "Needs Repair"),
            ("unfit", "Unfit"),
        ]
    )
    health_conditions = fields.Text(groups=HEALTH, tracking=True)
    chronic_illness = fields.Char(groups=HEALTH, tracking=True)
    disability = fields.Selection(
        [
            ("none", "None"),
            ("mobility", "Mobility"),
            ("visual", "Visual"),
            ("hearing", "Hearing"),
            ("intellectual", "Intellectual"),
            ("multiple", "Multiple"),
        ],
        groups=HEALTH,
        tracking=True,
    )
    education_level = fields.Selection(
        [
            ("none", "None"),
            ("primary", "Primary"),
            ("intermediate", "Intermediate"),
            ("secondary", "Secondary"),
            ("diploma", "Diploma"),
            ("university", "University"),
        ]
    )
    employment_state = fields.Selection(
        [
            ("employed", "Employed"),
            ("self_employed", "Self-Employed"),
            ("unemployed", "Looking for Work"),
            ("home", "At Home"),
            ("student", "Student"),
            ("retired", "Retired"),
            ("unable", "Unable to Work"),
        ],
        string="Employment",
    )
    employer = fields.Char()
    job = fields.Char()

    _housing_rent_positive = models.Constraint(
        "CHECK (housing_rent IS NULL OR housing_rent >= 0)",
        "A rent cannot be negative.",
    )

    @api.depends(
        "household_member_ids.active",
        "household_member_ids.income",
        "income_line_ids.amount",
        "income_line_ids.kind",
        "housing_rent",
        "kind",
    )
    def _compute_income_totals(self):
        domain = [("beneficiary_id", "in", self.ids)]
        earned = {
            file: (income, count)
            for file, income, count in self.env[
                "beneficiary.household.member"
            ]._read_group(domain, ["beneficiary_id"], ["income:sum", "__count"])
        }
        lines = {
            (file, kind): amount
            for file, kind, amount in self.env["beneficiary.income.line"]._read_group(
                domain, ["beneficiary_id", "kind"], ["amount:sum"]
            )
        }
        for file in self:
            income, dependants = earned.get(file._origin, (0, 0))
            heads = dependants + file._is_person()
            file.income_total = income + lines.get((file._origin, "income"), 0)
            file.income_is_recorded = bool(file.income_total)
            file.expense_total = file.housing_rent + lines.get(
                (file._origin, "expense"), 0
            )
            file.income_per_head = heads and file.income_total / heads

    def _get_related_files(self):
        """Return the files of each file's household.

        These are the file itself, the files of its dependants, and the files on which
        its person is a dependant.

        :return: ``{file: files}``
        """
        of_heads = self._get_dependant_lines().filtered("active")
        own = (self.household_member_ids | of_heads)._find_own_files()
        return {
            file: file.union(
                *(own[member] for member in file.household_member_ids),
                *(line.beneficiary_id for line in of_heads if own[line] == file),
            )
            for file in self
        }
