from odoo import fields, models


class DeliveryPlanLine(models.TransientModel):
    """One instalment of a plan, before it becomes a delivery."""

    _name = "beneficiary.delivery.plan.line"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Instalment of a Plan"
    _order = "planned_date, id"

    plan_id = fields.Many2one(
        "beneficiary.delivery.plan", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="plan_id.currency_id", related_sudo=False)
    planned_date = fields.Date(string="Planned For", required=True)
    amount = fields.Monetary()
    goods = fields.Text(string="What Is Handed Over")
    quantity = fields.Float(default=1)
