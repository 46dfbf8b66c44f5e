from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...rules import delivery_flow, flow
from ..mixins.desk_mixin import WEEK
from ..mixins.typed_search_mixin import trigram_index

# The plan of a delivery: it can be changed until the hand-over.
PLAN_FIELDS = frozenset(
    ["fund", "amount", "goods", "quantity", "planned_date", "place"]
)
# Kinds that are money, or as good as money. For all other kinds the amount is only
# the value of the goods.
MONEY_KINDS = frozenset(["cash", "coupon"])


class Delivery(models.Model):
    """One hand-over of a part of the grant: an instalment, goods or a coupon (R25).

    Deliveries are planned once the request is registered. Together the deliveries of
    a request that are kept never come to more than the granted amount. They are paid
    from the fund of the service.

    :Who may: officers and managers plan and cancel. The front desk hands over and
        takes the receipt, and delegates do so in their branches. The applicant signs
        the receipt on the portal. Researchers and auditors read. Committee members
        read the deliveries of requests before them.
    :States: planned -> handed -> received, or planned -> received if the receipt is
        signed on the spot; planned -> cancelled. What was handed over or received may
        turn out to have come back (returned), to have gone to somebody else
        (misdelivered) or to be recorded by mistake (voided).
    :Parts: a file each, beside this one
        ``delivery_flow``: the moves
        ``delivery_receipt``: the signed receipt
        ``delivery_notice``: what the person is told of it
        ``delivery_correction``: what went wrong, and is planned again
    """

    _name = "beneficiary.delivery"
    _inherit = [
        "beneficiary.whole.mixin",
        "beneficiary.next.mixin",
        "beneficiary.flow.mixin",
        "beneficiary.signature.mixin",
        "beneficiary.desk.mixin",
        "beneficiary.trace.line.mixin",
        "beneficiary.mixin",
    ]
    _description = "Delivery"
    _follows_request = True
    _order = "planned_date, id"
    _check_company_auto = True
    _role_fields = {"handed_by_id": (flow.DELEGATE,)}
    _traced_on = ("request_id", "delivery_ids")
    _traced_fields = (
        "name",
        "amount",
        "goods",
        "quantity",
        "fund",
        "planned_date",
        "place",
        "state",
    )

    name = fields.Char(string="Number", default="/", readonly=True, copy=False)
    request_id = fields.Many2one(
        "beneficiary.request",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("state", "=", "registered")],
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True
    )
    beneficiary_id = fields.Many2one(
        related="request_id.beneficiary_id",
        string="File",
        store=True,
        precompute=True,
        index=True,
    )
    service_id = fields.Many2one(
        related="request_id.service_id", store=True, precompute=True, index=True
    )
    branch_id = fields.Many2one(related="request_id.branch_id")
    officer_id = fields.Many2one(related="request_id.officer_id")
    kind = fields.Selection(
        selection=lambda self: self._get_service_selection("delivery_kind"),
        compute="_compute_kind",
        store=True,
        precompute=True,
    )
    fund = fields.Selection(
        selection=lambda self: self._get_service_selection("fund"),
        compute="_compute_fund",
        store=True,
        precompute=True,
        readonly=False,
        help="The fund of the service when the delivery was planned.",
    )
    fund_purpose = fields.Text(related="service_id.fund_purpose")
    currency_id = fields.Many2one(related="company_id.currency_id")
    # Totals are those of ``amount_kept``: what was cancelled or came back is no part.
    amount = fields.Monetary(
        aggregator=None,
        help="The amount of money. For goods and works: their value, if it is known.",
    )
    amount_kept = fields.Monetary(
        string="Amount That Counts",
        compute="_compute_amount_kept",
        store=True,
        precompute=True,
        help="The amount, unless the delivery was cancelled, came back or went wrong.",
    )
    goods = fields.Text(string="What Is Handed Over")
    quantity = fields.Float(default=1)
    planned_date = fields.Date(string="Planned For", required=True)
    is_due = fields.Boolean(
        string="Due Now",
        compute="_compute_due",
        search="_search_is_due",
        help="Planned for today, or earlier.",
    )
    is_late = fields.Boolean(
        string="Late", compute="_compute_due", search="_search_is_late"
    )

    _name_unique = models.UniqueIndex(
        "(company_id, name)", "This delivery number is already in use."
    )
    _name_trigram = trigram_index("name")
    _amount_positive = models.Constraint(
        "CHECK (amount >= 0)", "The amount of a delivery cannot be negative."
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a delivery must be greater than zero."
    )
    _by_date = models.Index("(company_id, planned_date, id)")
    _open = models.Index("(planned_date, id) WHERE state IN ('planned', 'handed')")

    @api.depends("amount", "state")
    def _compute_amount_kept(self):
        for delivery in self:
            is_kept = delivery.state in delivery_flow.KEPT
            delivery.amount_kept = is_kept and delivery.amount

    @api.model
    def _get_service_selection(self, name):
        return (
            self.env["beneficiary.service"]
            ._fields[name]
            ._description_selection(self.env)
        )

    @api.depends("name", "beneficiary_id.name")
    def _compute_display_name(self):
        """Number and person, because calendar and dialogs show nothing else."""
        for delivery in self:
            delivery.display_name = f"{delivery.name} {delivery.beneficiary_id.name}"

    @api.model
    def _search_display_name(self, operator, value):
        """Find by the end of the number, or by the request and its person (R44)."""
        if operator not in ("ilike", "like") or not value:
            return super()._search_display_name(operator, value)
        found = self._get_number_domain("name", value)
        return self._drop_empty(found | Domain("request_id", "ilike", value))

    # -- whose turn it is --------------------------------------------------------------

    @api.model
    def _get_is_due_this_week_domain(self):
        return Domain("state", "=", "planned") & Domain("planned_date", "<", WEEK)

    @api.model
    def _get_waits_for_applicant_domain(self):
        """Return the domain of the deliveries whose receipt is not signed yet."""
        return Domain("state", "=", "handed")

    @api.model
    def _get_waits_for_me_domain(self):
        return self._get_is_mine_domain() & Domain("is_due", "=", True)

    # Copied when the delivery is planned, because the service may change later.

    @api.depends("request_id")
    def _compute_kind(self):
        for delivery in self:
            delivery.kind = delivery.request_id.service_id.delivery_kind

    @api.depends("request_id")
    def _compute_fund(self):
        for delivery in self:
            delivery.fund = delivery.request_id.service_id.fund

    @api.depends("planned_date", "state")
    def _compute_due(self):
        for company, deliveries in self.grouped("company_id").items():
            today = (company or self.env.company)._get_beneficiary_today()
            for delivery in deliveries:
                day = delivery.state == "planned" and delivery.planned_date
                delivery.is_due = bool(day) and day <= today
                delivery.is_late = bool(day) and day < today

    def _search_is_due(self, operator, value):
        return self._search_planned(operator, value, "<=")

    def _search_is_late(self, operator, value):
        return self._search_planned(operator, value, "<")

    def _search_planned(self, operator, value, comparison):
        """Search planned deliveries by date, with each association's local today."""
        if operator != "in":
            return NotImplemented
        found = Domain("state", "=", "planned") & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("planned_date", comparison, company._get_beneficiary_today())
            for company in self.env.companies
        )
        return Domain.OR(found if wanted else ~found for wanted in value)

    # -- constraints -------------------------------------------------------------------

    @api.constrains("request_id")
    def _check_registered(self):
        """R25: delivery follows registration."""
        for request in self.request_id:
            if request.state != "registered":
                raise ValidationError(
                    self.env._(
                        "%(request)s is not registered: deliveries are planned after "
                        "its registration.",
                        request=request.name,
                    )
                )
            if problems := request.sudo()._guard_alive({}):
                raise ValidationError("\n".join(problems))

    @api.constrains("fund", "request_id")
    def _check_fund(self):
        """R45: each delivery is paid from the fund of its service."""
        for delivery in self:
            if problem := delivery._get_fund_problem():
                raise ValidationError(problem)

    @api.constrains("kind", "amount", "goods")
    def _check_content(self):
        """Each delivery needs an amount, or a text that says what is handed over."""
        for delivery in self:
            has_goods = bool((delivery.goods or "").strip())
            if delivery.kind == "cash" and not delivery.amount:
                raise ValidationError(
                    self.env._("Write the amount of each cash delivery.")
                )
            if delivery.kind == "coupon" and not (delivery.amount or has_goods):
                raise ValidationError(
                    self.env._("Write the amount of each coupon, or what it is for.")
                )
            if delivery.kind not in ("cash", "coupon") and not has_goods:
                raise ValidationError(
                    self.env._("Write what is handed over in each delivery.")
                )

    @api.constrains("amount", "request_id")
    def _check_granted(self):
        """Deliveries never exceed the grant, even when two officers plan at once.

        The total is stored in the request's row. Of two concurrent transactions that
        change it, PostgreSQL makes the second fail and be retried. Goods that were
        granted without an amount may have any value.
        """
        requests = self.sudo().request_id  # not every user may read decisions
        requests.flush_recordset(["amount_planned"])
        for request in requests:
            granted = request._get_granted_amount()
            kinds = set(request._get_kept_deliveries().mapped("kind"))
            if not granted and not kinds & MONEY_KINDS:
                continue
            if request.currency_id.compare_amounts(request.amount_planned, granted) > 0:
                raise ValidationError(
                    self.env._(
                        "The deliveries of %(request)s would come to %(planned)s; "
                        "%(granted)s was granted. Lower an amount, or cancel another "
                        "delivery first.",
                        request=request.name,
                        planned=request.currency_id.format(request.amount_planned),
                        granted=request.currency_id.format(granted),
                    )
                )

    def _get_fund_problem(self):
        """Return why this delivery cannot be paid from its fund, or an empty text."""
        self.ensure_one()
        fund = self.service_id.fund
        if self.fund == fund:
            return ""
        labels = dict(self._get_service_selection("fund"))
        return self.env._(
            "%(service)s is paid from the fund “%(own)s”, and from no other: this "
            "delivery names “%(given)s”.",
            service=self.service_id.name,
            own=labels[fund],
            given=labels.get(self.fund, ""),
        )

    # -- paper -------------------------------------------------------------------------

    def _get_letterhead(self):
        """Return the values of the letterhead on the receipt (R40)."""
        self.ensure_one()
        date = self.handed_on or self.planned_date
        return {
            "number": self.name,
            "date": date,
            "attachment_count": int(bool(self.with_context(bin_size=True).paper)),
        }

    def _get_amount_in_words(self):
        """Return the amount in words, in the language of the environment."""
        self.ensure_one()
        return self.currency_id.amount_to_text(self.amount)

    # -- actions -----------------------------------------------------------------------

    def action_view_request(self):
        self.ensure_one()
        return self.request_id.get_formview_action()
