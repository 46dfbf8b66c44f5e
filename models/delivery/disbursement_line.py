from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules import disbursement_flow, identity
from ..beneficiary.beneficiary_household import FINANCE
from ..mixins.typed_search_mixin import trigram_index

# Only the list and its moves write a payment.
LINE_FIELDS = frozenset(
    [
        "name",
        "disbursement_id",
        "beneficiary_id",
        "fund",
        "payee",
        "iban",
        "amount",
        "delivery_ids",
        "state",
        "paid_on",
        "bank_reference",
        "return_reason",
        "returned_on",
        "answered_by_id",
    ]
)
# Digits of an account that people see who may not read bank data.
SHOWN_DIGITS = 4


class DisbursementLine(models.Model):
    """One payment of a list of disbursement, to one file from one fund (R52).

    It pays one or several deliveries, which may be of several requests. Until the list
    is approved, the payment follows the file; then name and account are kept as the
    bank gets them.

    :Who may: officers and managers take a payment out of a draft list, and record the
        bank's answer. Auditors read.
    :States: waiting -> paid or returned; paid -> returned, when the bank sends the
        transfer back later.
    """

    _name = "beneficiary.disbursement.line"
    _inherit = ["beneficiary.flow.mixin", "beneficiary.mixin"]
    _description = "Payment of a List"
    _order = "id"
    _check_company_auto = True
    _rec_names_search = ["name", "beneficiary_id"]

    name = fields.Char(string="Payment Reference", readonly=True, copy=False)
    disbursement_id = fields.Many2one(
        "beneficiary.disbursement",
        string="List of Disbursement",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="disbursement_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    list_state = fields.Selection(
        related="disbursement_id.state", string="Status of the List"
    )
    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary",
        string="File",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    file_number = fields.Char(related="beneficiary_id.file_number")
    fund = fields.Selection(
        selection=lambda self: self.env[
            "beneficiary.disbursement"
        ]._get_fund_selection(),
        readonly=True,
    )
    delivery_ids = fields.One2many(
        "beneficiary.delivery",
        "disbursement_line_id",
        string="Deliveries",
        readonly=True,
        copy=False,
    )
    request_names = fields.Char(string="Requests", compute="_compute_request_names")
    amount = fields.Monetary(compute="_compute_amount", store=True, compute_sudo=True)
    payee = fields.Char(string="Account Holder", readonly=True, copy=False)
    iban = fields.Char(string="IBAN Paid To", readonly=True, copy=False, groups=FINANCE)
    account = fields.Char(
        string="IBAN",
        compute="_compute_account",
        compute_sudo=True,
        help="Of a draft, the IBAN of the file; of an approved list, as the bank got "
        "it.",
    )
    problems = fields.Text(
        string="What Stands Against It",
        compute="_compute_problems",
        compute_sudo=True,
    )
    is_blocked = fields.Boolean(
        string="Cannot Be Made", compute="_compute_problems", compute_sudo=True
    )

    _name_unique = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "This payment reference is already in use.",
    )
    _name_trigram = trigram_index("name")

    @api.depends("name", "beneficiary_id.display_name")
    def _compute_display_name(self):
        for line in self:
            names = [line.name, line.beneficiary_id.display_name]
            line.display_name = " ".join(filter(None, names))

    @api.depends("delivery_ids.amount")
    def _compute_amount(self):
        for line in self:
            line.amount = sum(line.delivery_ids.mapped("amount"))

    @api.depends("delivery_ids.request_id.name")
    def _compute_request_names(self):
        for line in self:
            names = line.delivery_ids.request_id.mapped("name")
            line.request_names = self._list_words(names)

    @api.depends("iban", "beneficiary_id.iban", "disbursement_id.state")
    @api.depends_context("uid")
    def _compute_account(self):
        """Show the whole account only to people who read bank data in files."""
        may_read = self.env.user.has_group(FINANCE)
        for line in self:
            iban = line._get_iban()
            line.account = iban if may_read or not iban else f"…{iban[-SHOWN_DIGITS:]}"

    def _get_iban(self):
        """Return the account of this payment, as superuser."""
        line = self.sudo()
        is_frozen = line.disbursement_id.state in disbursement_flow.FROZEN
        return line.iban if is_frozen else line.beneficiary_id.iban

    # -- what stands against a payment -------------------------------------------------

    @api.depends(
        "disbursement_id.state",
        "beneficiary_id.iban",
        "beneficiary_id.state",
        "delivery_ids.request_id.state",
        "delivery_ids.fund",
    )
    @api.depends_context("lang")
    def _compute_problems(self):
        drafts = self.filtered(lambda line: line.disbursement_id.state == "draft")
        settled = self - drafts
        settled.problems = settled.is_blocked = False
        returned = drafts._get_returned_accounts()
        for line in drafts:
            blocks = [problem for problem, *_place in line._get_blocks()]
            line.is_blocked = bool(blocks)
            if (line.beneficiary_id, line.beneficiary_id.iban) in returned:
                blocks.append(
                    self.env._("The bank sent a transfer to this account back before.")
                )
            line.problems = "\n".join(blocks) or False

    def _get_returned_accounts(self):
        """Return pairs (file, account) of transfers that the bank sent back."""
        groups = self._read_group(
            [
                ("beneficiary_id", "in", self.beneficiary_id.ids),
                ("state", "=", "returned"),
            ],
            ["beneficiary_id", "iban"],
        )
        return set(groups)

    def _get_blocks(self):
        """Return what prevents this payment.

        :return: list of tuples (sentence, record, field) with the place where it is
            put right
        """
        self.ensure_one()
        line = self.sudo()  # not everybody who reads a list reads bank data
        file = line.beneficiary_id
        blocks = [(text, file, "state") for text in file._get_stop_problems()]
        if problem := line._get_iban_problem():
            blocks.append((problem, file, "iban"))
        for request in line.delivery_ids.request_id:
            if request.state != "registered":
                problem = self.env._(
                    "%(request)s is not registered any more.", request=request.name
                )
                blocks.append((problem, request, "state"))
        for delivery in line.delivery_ids:
            if problem := delivery._get_fund_problem():
                blocks.append((problem, delivery, "fund"))
        return blocks

    def _get_iban_problem(self):
        if not self.beneficiary_id.iban:
            return self.env._("The file has no IBAN.")
        try:
            identity.iban(self.beneficiary_id.iban)
        except identity.IdentityError:
            return self.env._("The IBAN of the file is not valid.")
        return ""

    # -- CRUD --------------------------------------------------------------------------

    def write(self, vals):
        self._refuse_vals(LINE_FIELDS & vals.keys())
        return super().write(vals)

    def _write_flow(self, vals):
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        """A payment is taken out of a draft; its deliveries wait for another list."""
        if self.disbursement_id.filtered(lambda one: one.state != "draft"):
            raise UserError(
                self.env._(
                    "The list was approved: no payment is taken out of it any more."
                )
            )

    def _move_to_file(self, name, file):
        """Let the payments follow when files are merged; the account stays as paid."""
        self._write_flow({name: file.id})

    def _freeze(self):
        """Keep name and account as the bank gets them, and give the references."""
        for disbursement, lines in self.sudo().grouped("disbursement_id").items():
            lines = lines.sorted("id")
            lines._write_each(
                [
                    {
                        "name": f"{disbursement.name}-{number:04}",
                        "payee": file.bank_account_holder or file.name,
                        "iban": file.iban,
                    }
                    for number, line in enumerate(lines, 1)
                    for file in line.beneficiary_id
                ]
            )

    def _thaw(self):
        self.sudo()._write_flow({"name": False, "payee": False, "iban": False})

    # -- screens -----------------------------------------------------------------------

    def action_view_file(self):
        """Open the file, where name and account are put right."""
        self.ensure_one()
        self.check_access("read")
        return self.beneficiary_id.get_formview_action()

    # -- the sheet for the bank --------------------------------------------------------

    def _get_sheet_values(self):
        """Return the cells of this payment: texts, and the amount as a number."""
        self.ensure_one()
        return [
            self.name,
            self.file_number or "",
            self.payee,
            self.iban,
            self.amount,
            self._get_label("fund"),
            self.request_names,
        ]
