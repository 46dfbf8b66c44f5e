from odoo import api, fields, models

# The state of a delivery while its person has to be told of an event.
TOLD_IN = {"planned": "planned", "receipt": "handed"}
# What the person is told of a plan.
TOLD_FIELDS = ("planned_date", "place")


class DeliveryNotice(models.Model):
    """When the person is told of a delivery: it is planned, its receipt waits (R25)."""

    _inherit = "beneficiary.delivery"

    plan_number = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=None,
        help="How often its day or place was changed: the person is told each time.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        deliveries = super().create(vals_list)
        self.env["beneficiary.notice"]._queue(deliveries, "planned")
        return deliveries

    def write(self, vals):
        before = {}
        if not vals.keys().isdisjoint(TOLD_FIELDS):
            before = {delivery: delivery._get_told_plan() for delivery in self}
        result = super().write(vals)
        changed = self.filtered(
            lambda delivery: (
                delivery in before and delivery._get_told_plan() != before[delivery]
            )
        )
        changed._tell_new_plan()
        return result

    def _get_told_plan(self):
        return [self[name] for name in TOLD_FIELDS]

    def _tell_new_plan(self):
        """Tell the person anew, and take back what has not left of the former plan."""
        for delivery in self:
            delivery._write_flow({"plan_number": delivery.plan_number + 1})
        notices = self.sudo().request_id.notice_ids  # nobody writes notices by hand
        notices.filtered(
            lambda notice: notice.event == "planned" and notice.delivery_id in self
        )._drop()
        self.env["beneficiary.notice"]._queue(self, "planned")

    def _prepare_notice_vals(self, event):
        """Return the values that tell this delivery's notices from those of others."""
        self.ensure_one()
        number = self.plan_number if event == "planned" else 0
        return {
            "request_id": self.request_id.id,
            "round": self.request_id.round,
            "delivery_id": self.id,
            "occasion": f"{self.id}.{number}",
        }

    def _needs_notice(self, event):
        """Whether the person still has to be told of ``event``.

        A plan for a day that has passed is recorded later than it was made.
        """
        self.ensure_one()
        if self.state != TOLD_IN[event]:
            return False
        if event == "receipt":
            return self.beneficiary_id._can_sign()
        return self.planned_date >= self.company_id._get_beneficiary_today()

    def _do_move(self, target, given):
        result = super()._do_move(target, given)
        # Nobody writes notices by hand.
        self.sudo().request_id.notice_ids._drop_needless()
        return result

    def _after_hand(self, target):
        self.env["beneficiary.notice"]._queue(self, "receipt")
