from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..rules import RuleError, instalment


class DeliveryPlan(models.TransientModel):
    """Divides the granted amount into instalments, and plans them (R25).

    The lines are computed from the fields above them, and each can be changed. The
    deliveries themselves check what may be planned.
    """

    _name = "beneficiary.delivery.plan"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Plan Deliveries"

    request_id = fields.Many2one("beneficiary.request", required=True)
    currency_id = fields.Many2one(related="request_id.currency_id", related_sudo=False)
    kind = fields.Selection(
        related="request_id.service_id.delivery_kind", related_sudo=False
    )
    granted = fields.Monetary(compute="_compute_granted")
    total = fields.Monetary(
        compute="_compute_total",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="What is granted and not planned yet.",
    )
    count = fields.Integer(string="Number of Instalments", default=1, required=True)
    first_date = fields.Date(
        required=True,
        default=lambda self: self.env.company._get_beneficiary_today(),
    )
    months = fields.Integer(
        string="Months Between Instalments", default=1, required=True
    )
    goods = fields.Text(string="What Is Handed Over")
    quantity = fields.Float(default=1)
    place = fields.Char(
        string="Place of the Hand-over",
        compute="_compute_place",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    can_hand_over = fields.Boolean(compute="_compute_can_hand_over")
    line_ids = fields.One2many(
        "beneficiary.delivery.plan.line",
        "plan_id",
        string="Instalments",
        compute="_compute_line_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
    )

    @api.depends("request_id")
    def _compute_granted(self):
        self._check_targets()
        for plan in self:
            request = plan.request_id
            plan.granted = request._get_granted_amount() if request else 0

    @api.depends("request_id")
    def _compute_total(self):
        self._check_targets()
        for plan in self:
            left = plan.granted - plan.request_id.amount_planned
            plan.total = max(left, 0)

    @api.depends("request_id")
    def _compute_place(self):
        """As a rule, where the person, or else the branch, was served the last time."""
        self._check_targets()
        for plan in self:
            request = plan.request_id
            plan.place = request._get_usual_place() if request else False

    @api.depends("line_ids.planned_date")
    def _compute_can_hand_over(self):
        """What is handed over at once is one delivery, planned for today."""
        today = self.env.company._get_beneficiary_today()
        for plan in self:
            days = plan.line_ids.mapped("planned_date")
            plan.can_hand_over = days == [today]

    @api.depends("total", "count", "first_date", "months", "goods", "quantity")
    def _compute_line_ids(self):
        self._check_targets()
        for plan in self:
            plan.line_ids = [
                Command.clear(),
                *(Command.create(vals) for vals in plan._prepare_lines()),
            ]

    def _prepare_lines(self):
        """Return the values of each instalment, by :mod:`rules.instalment`.

        :raise ValidationError: when the rule refuses the input
        """
        self.ensure_one()
        if not self.first_date:
            return []
        try:
            days = instalment.dates(self.first_date, self.count, self.months)
            amounts = instalment.split(
                self.total, self.count, self.currency_id.decimal_places
            )
        except RuleError as error:
            raise ValidationError(self._get_rule_sentence(error)) from error
        return [
            {
                "planned_date": day,
                "amount": amount,
                "goods": self.goods,
                "quantity": self.quantity,
            }
            for day, amount in zip(days, amounts, strict=True)
        ]

    @api.model
    def _get_rule_sentence(self, error):
        sentences = {
            "count": self.env._("Instalments are from 1 to %(most)s."),
            "total": self.env._("The total cannot be negative."),
            "too_small": self.env._(
                "The total is too small for so many instalments: choose fewer."
            ),
            "months": self.env._("Instalments are from 1 to %(most)s months apart."),
        }
        return sentences[error.code] % error.params

    def action_confirm(self):
        """Plan a delivery for every line."""
        self._plan()
        return {"type": "ir.actions.act_window_close"}

    def action_confirm_receive(self):
        """Plan the one delivery, and go on with its receipt."""
        delivery = self._plan()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.delivery_move_action"
        )
        action["context"] = {
            "dialog_size": "large",
            "default_delivery_id": delivery[:1].id,
            "default_move": "receive",
        }
        return action

    def _plan(self):
        """Return the deliveries that the lines became."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("Write at least one instalment."))
        return self.env["beneficiary.delivery"].create(
            [
                {
                    "request_id": self.request_id.id,
                    "planned_date": line.planned_date,
                    "amount": line.amount,
                    "goods": line.goods,
                    "quantity": line.quantity,
                    "place": self.place,
                }
                for line in self.line_ids
            ]
        )
