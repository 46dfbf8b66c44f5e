from odoo import api, models

# The state of a delivery while its person has to be told of an event.
TOLD_IN = {"planned": "planned", "receipt": "handed"}


class DeliveryNotice(models.Model):
    """When the person is told of a delivery: it is planned, its receipt waits (R25)."""

    _inherit = "beneficiary.delivery"

    @api.model_create_multi
    def create(self, vals_list):
        deliveries = super().create(vals_list)
        self.env["beneficiary.notice"]._queue(deliveries, "planned")
        return deliveries

    def _prepare_notice_vals(self, event):
        """Return the values that tell this delivery's notices from those of others."""
        self.ensure_one()
        return {
            "request_id": self.request_id.id,
            "round": self.request_id.round,
            "delivery_id": self.id,
            "occasion": self.id,
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
