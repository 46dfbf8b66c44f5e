from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import date_utils

from ...rules import disbursement_flow, flow
from ..mixins.refusal import Problem, refusal

# What a list is gathered by; it is chosen while the list is a draft.
CRITERIA = frozenset(
    ["company_id", "date_from", "date_to", "fund", "service_id", "branch_id"]
)


class Disbursement(models.Model):
    """A list of disbursement: cash deliveries that the bank pays together (R52).

    Planned cash deliveries of a day or a month are gathered: one payment for each file
    and fund, which may serve several requests. The manager approves the list. From then
    on neither the list nor its deliveries change. The list is printed, signed and sent
    to the bank as a sheet. The bank's answer moves the deliveries: they are received,
    or they came back and are planned again.

    :Who may: officers and managers prepare a list and record the bank's answer;
        managers approve it and open it again. Auditors read. Nobody else has access: a
        list holds files of all branches.
    :States: draft -> approved -> done, when the bank has answered each payment.
        An approved list may become a draft again until the file for the bank is made.
    :Parts: a file each, beside this one
        ``disbursement_flow``: the moves
        ``disbursement_bank``: the sheet for the bank, and the bank's answer
        ``disbursement_line``: a payment
    """

    _name = "beneficiary.disbursement"
    _inherit = [
        "beneficiary.next.mixin",
        "beneficiary.flow.mixin",
        "beneficiary.mixin",
        "beneficiary.thread.mixin",
    ]
    _description = "List of Disbursement"
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", default="/", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="Planned From",
        required=True,
        default=lambda self: date_utils.start_of(self._default_day(), "month"),
    )
    date_to = fields.Date(
        string="Planned Until",
        required=True,
        default=lambda self: date_utils.end_of(self._default_day(), "month"),
    )
    fund = fields.Selection(
        selection=lambda self: self._get_fund_selection(),
        help="Empty: of all funds.",
    )
    service_id = fields.Many2one(
        "beneficiary.service",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('delivery_kind', '=', 'cash'), ('company_id', '=', company_id)]",
        help="Empty: of all services.",
    )
    branch_id = fields.Many2one(
        "beneficiary.branch",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('company_id', '=', company_id)]",
        help="Empty: of all branches.",
    )
    line_ids = fields.One2many(
        "beneficiary.disbursement.line",
        "disbursement_id",
        string="Payments",
        copy=False,
    )
    waiting_count = fields.Integer(
        string="Still to Be Gathered", compute="_compute_waiting"
    )
    waiting_amount = fields.Monetary(compute="_compute_waiting")
    line_count = fields.Integer(string="Number of Payments", compute="_compute_totals")
    amount_total = fields.Monetary(string="Total", compute="_compute_totals")
    amount_paid = fields.Monetary(string="Paid", compute="_compute_totals")
    amount_returned = fields.Monetary(
        string="Sent Back by the Bank", compute="_compute_totals"
    )
    blocked_count = fields.Integer(
        string="Payments That Cannot Be Made", compute="_compute_blocked_count"
    )
    budget_advice = fields.Text(compute="_compute_budget_advice", compute_sudo=True)

    _name_unique = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'",
        "This number of a list of disbursement is already in use.",
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_from <= date_to)",
        "The last day of a list of disbursement comes before its first day.",
    )
    _by_date = models.Index("(company_id, date_to DESC, id DESC)")

    @api.model
    def _default_day(self):
        return self.env.company._get_beneficiary_today()

    @api.model
    def _get_fund_selection(self):
        return self.env["beneficiary.delivery"]._get_service_selection("fund")

    @api.depends("name", "date_from", "date_to")
    def _compute_display_name(self):
        for disbursement in self:
            name = disbursement.name
            if name == "/":
                name = self.env._(
                    "Draft list %(date_from)s – %(date_to)s",
                    date_from=disbursement.date_from or "",
                    date_to=disbursement.date_to or "",
                )
            disbursement.display_name = name

    # -- figures -----------------------------------------------------------------------

    @api.depends("company_id", "state", *(CRITERIA - {"company_id"}))
    def _compute_waiting(self):
        deliveries = self.env["beneficiary.delivery"]
        for disbursement in self:
            count = amount = 0
            is_dated = disbursement.date_from and disbursement.date_to
            if disbursement.state == "draft" and is_dated:
                [(count, amount)] = deliveries._read_group(
                    disbursement._get_waiting_domain(),
                    aggregates=["__count", "amount_kept:sum"],
                )
            disbursement.waiting_count = count
            disbursement.waiting_amount = amount

    def _get_waiting_domain(self):
        """Return the domain of the deliveries that this list would gather."""
        self.ensure_one()
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "planned")
            & Domain("kind", "=", "cash")
            & Domain("disbursement_line_id", "=", False)
            & Domain("planned_date", ">=", self.date_from)
            & Domain("planned_date", "<=", self.date_to)
        )
        if self.fund:
            domain &= Domain("fund", "=", self.fund)
        if self.service_id:
            domain &= Domain("service_id", "=", self.service_id.id)
        if self.branch_id:
            domain &= Domain("request_id.branch_id", "=", self.branch_id.id)
        return domain

    @api.depends("line_ids.amount", "line_ids.state")
    def _compute_totals(self):
        groups = self.env["beneficiary.disbursement.line"]._read_group(
            [("disbursement_id", "in", self._origin.ids)],
            ["disbursement_id", "state"],
            ["__count", "amount:sum"],
        )
        found = {(one.id, state): (count, total) for one, state, count, total in groups}
        for disbursement in self:
            counts, amounts = {}, {}
            for state in disbursement_flow.PAYMENTS:
                key = disbursement._origin.id, state
                counts[state], amounts[state] = found.get(key, (0, 0))
            disbursement.line_count = sum(counts.values())
            disbursement.amount_total = sum(amounts.values())
            disbursement.amount_paid = amounts["paid"]
            disbursement.amount_returned = amounts["returned"]

    @api.depends("state", "line_ids.is_blocked")
    def _compute_blocked_count(self):
        for disbursement in self:
            # Only payments of a draft can be blocked.
            blocked = disbursement.line_ids.filtered("is_blocked")
            disbursement.blocked_count = len(blocked)

    @api.depends("state", "date_to", "line_ids.amount")
    def _compute_budget_advice(self):
        for disbursement in self:
            is_draft = disbursement.state == "draft"
            sentences = disbursement._get_budget_sentences() if is_draft else []
            disbursement.budget_advice = "\n".join(sentences) or False

    def _get_budget_sentences(self):
        """Return what this list would pay beyond the budgets of services (R45).

        A budget stops nothing: this is advice for the manager who approves the list.
        """
        self.ensure_one()
        by_service = dict(
            self.env["beneficiary.delivery"]._read_group(
                [("disbursement_line_id.disbursement_id", "in", self._origin.ids)],
                ["service_id"],
                ["amount:sum"],
            )
        )
        budgets = self.env["beneficiary.service.budget"].search(
            [
                ("service_id", "in", [service.id for service in by_service]),
                ("date_from", "<=", self.date_to),
                ("date_to", ">=", self.date_to),
            ]
        )
        return [
            self.env._(
                "%(service)s: this list pays %(amount)s, and %(left)s of the budget is "
                "not paid out yet.",
                service=budget.service_id.name,
                amount=self.currency_id.format(by_service[budget.service_id]),
                left=self.currency_id.format(budget.to_pay),
            )
            for budget in budgets
            if self.currency_id.compare_amounts(
                by_service[budget.service_id], budget.to_pay
            )
            > 0
        ]

    # -- CRUD --------------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_numbered(self):
        if numbered := self.filtered(lambda one: one.name != "/"):
            raise UserError(
                self.env._(
                    "A list of disbursement with a number is kept: %(lists)s.",
                    lists=self._list_words(numbered.mapped("name")),
                )
            )

    # -- gathering ---------------------------------------------------------------------

    def action_gather(self):
        """Gather the planned cash deliveries that no list has yet.

        The payments of a file from one fund become one line. A second call adds what
        was planned since.

        :raise UserError: if the list is no draft any more, or nothing is found
        """
        self.ensure_one()
        self.check_access("write")
        self._check_role(flow.OFFICERS)
        if self.state != "draft":
            raise UserError(
                self.env._("This list was approved: nothing is added to it any more.")
            )
        deliveries = self.env["beneficiary.delivery"].search(
            self._get_waiting_domain(), order="beneficiary_id, planned_date, id"
        )
        if not deliveries:
            sentence = self.env._(
                "No cash delivery is planned for these days, or all of them are in a "
                "list already."
            )
            raise refusal(Problem(sentence, self, "date_from", "date_to"))
        # Nobody writes payments by hand.
        self.sudo()._gather(deliveries.sudo())
        return True

    def _gather(self, deliveries):
        """Take planned deliveries into this list.

        Of two concurrent transactions that take the same delivery, PostgreSQL makes the
        second fail and be retried; then the delivery is no longer waiting.
        """
        lines = {(line.beneficiary_id, line.fund): line for line in self.line_ids}
        gathered = deliveries.grouped(
            lambda delivery: (delivery.beneficiary_id, delivery.fund)
        )
        new = [key for key in gathered if key not in lines]
        made = self.env["beneficiary.disbursement.line"].create(
            [
                {"disbursement_id": self.id, "beneficiary_id": file.id, "fund": fund}
                for file, fund in new
            ]
        )
        lines.update(zip(new, made, strict=True))
        for key, some in gathered.items():
            some._write_flow({"disbursement_line_id": lines[key].id})
        self._write_flow({"prepared_by_id": self.env.uid})

    # -- screens -----------------------------------------------------------------------

    def action_view_lines(self):
        """Open the payments of this list."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.disbursement_line_action"
        )
        action["domain"] = [("disbursement_id", "=", self.id)]
        action["context"] = {}
        return action

    # -- paper -------------------------------------------------------------------------

    def _get_letterhead(self):
        """Return the values of the letterhead on the printed list (R40)."""
        self.ensure_one()
        date = self.company_id._get_beneficiary_today()
        if self.approved_on:
            date = self._get_local_day(self.approved_on)
        return {
            "number": self.name if self.name != "/" else "",
            "date": date,
            "hijri_date": self._format_hijri_long(date),
            "attachment_count": 0,
            "footer": self.env._("List of disbursement %(number)s", number=self.name),
        }

    def _get_paper_lang(self):
        """Return the language of the printed list and of the sheet for the bank."""
        self.ensure_one()
        return self.sudo().company_id._get_beneficiary_lang()  # it reads the managers

    def _get_amount_in_words(self):
        """Return the total in words, in the language of the environment."""
        self.ensure_one()
        return self.currency_id.amount_to_text(self.amount_total)

    def _get_fund_totals(self):
        """Return tuples (label of the fund, number of payments, amount)."""
        self.ensure_one()
        labels = dict(self.line_ids._fields["fund"]._description_selection(self.env))
        return [
            (labels[fund], len(lines), sum(lines.mapped("amount")))
            for fund, lines in self.line_ids.grouped("fund").items()
        ]
