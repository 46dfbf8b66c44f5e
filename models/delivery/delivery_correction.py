from odoo import fields, models

from ...rules import delivery_flow, flow
from ...rules.flow import NEXT_STEP


class DeliveryCorrection(models.Model):
    """What went wrong with a delivery, and the delivery that takes its place (R25).

    The hand-over and the receipt stay as they were signed. The delivery is no part of
    the grant any more, so the same amount can be planned again. A request that was
    delivered or closed is registered again until this is done.

    :Who may: officers say that a delivery came back or reached somebody else, and plan
        it again. Managers void what was recorded by mistake. Nobody does this for their
        own file.
    """

    _inherit = "beneficiary.delivery"
    _next_depends = ("state", "correction_ids.state")

    correction_reason = fields.Text(string="What Went Wrong", readonly=True, copy=False)
    corrected_on = fields.Datetime(readonly=True, copy=False)
    corrected_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    owed_by = fields.Char(
        readonly=True,
        copy=False,
        help="Who received it instead, and owes it to the association.",
    )
    corrects_id = fields.Many2one(
        "beneficiary.delivery",
        string="In Place Of",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    correction_ids = fields.One2many(
        "beneficiary.delivery", "corrects_id", string="Planned Again As"
    )

    def _get_next_step(self):
        if self.state in delivery_flow.OPEN:
            return "receive"
        if self.state not in delivery_flow.GONE or self._get_plan_again_problems():
            return False
        return "plan_again"

    # -- moves -------------------------------------------------------------------------

    def action_take_back(self, reason=None):
        """Record that a transfer or goods came back to the association.

        :param reason: why, as it stays on record
        """
        return self._move("take_back", reason=reason)

    def action_misdeliver(self, reason=None, owed_by=None):
        """Record that somebody else received it.

        :param reason: how it happened, as it stays on record
        :param owed_by: who received it, and owes it to the association
        """
        return self._move("misdeliver", reason=reason, owed_by=owed_by)

    def action_void(self, reason=None):
        """Record that the hand-over or its receipt was recorded by mistake.

        :param reason: the mistake, as it stays on record
        """
        return self._move("void", reason=reason)

    def action_plan_again(self):
        """Plan a delivery in place of one that was not received, and open it.

        :raise UserError: if there is such a delivery already
        """
        self.ensure_one()
        self.check_access("read")
        self._check_role(flow.OFFICERS)
        self._refuse(self._get_plan_again_problems())
        return self._plan_again().get_formview_action()

    def _plan_again(self):
        """Return the deliveries planned in place of these, for today."""
        planned = self.create(
            [
                {
                    "request_id": delivery.request_id.id,
                    "amount": delivery.amount,
                    "goods": delivery.goods,
                    "quantity": delivery.quantity,
                    "place": delivery.place,
                    "planned_date": delivery.company_id._get_beneficiary_today(),
                }
                for delivery in self
            ]
        )
        for again, delivery in zip(planned, self, strict=True):
            again._write_flow({"corrects_id": delivery.id})
        return planned

    def _get_plan_again_problems(self):
        if self.state not in delivery_flow.GONE:
            return [
                self.env._(
                    "Only what came back, went to somebody else, was recorded by "
                    "mistake or was cancelled is planned again."
                )
            ]
        again = self.sudo().correction_ids.filtered(
            lambda delivery: delivery.state in delivery_flow.KEPT
        )
        if again:
            return [
                self.env._("It was planned again as %(number)s.", number=again[0].name)
            ]
        return []

    # -- guards ------------------------------------------------------------------------

    def _guard_not_own(self, given):
        if self.env.user in self.beneficiary_id._get_interested_users():
            return [
                self.env._(
                    "You cannot correct a delivery to your own file. Ask a colleague."
                )
            ]
        return []

    def _guard_owed(self, given):
        if (given["owed_by"] or "").strip():
            return []
        return [self.env._("Write who received it instead.")]

    # -- what each move writes, and what follows ---------------------------------------

    def _do_take_back(self, target, given):
        self._correct(given)

    def _do_misdeliver(self, target, given):
        self._correct(given, owed_by=given["owed_by"].strip())

    def _do_void(self, target, given):
        self._correct(given)

    def _correct(self, given, **vals):
        """Write the reason below an earlier one: nothing that was said is lost."""
        now = fields.Datetime.now()
        for delivery in self:
            reasons = [delivery.correction_reason, given["reason"].strip()]
            delivery._write_flow(
                {
                    "correction_reason": "\n".join(filter(None, reasons)),
                    "corrected_on": now,
                    "corrected_by_id": self.env.uid,
                    **vals,
                }
            )

    def _after_take_back(self, target):
        self._go_on()

    def _after_misdeliver(self, target):
        self._go_on()

    def _after_void(self, target):
        self._go_on()

    def _go_on(self):
        """Let the request be delivered again, and tell its officer."""
        self._register_again()._tell_office(
            NEXT_STEP,
            lambda env: env._("A delivery was not received: plan it again"),
        )

    def _register_again(self):
        """Return the requests of these, whose deliveries can be planned now."""
        requests = self.request_id
        done = requests.filtered(lambda request: request.state in flow.DELIVERED)
        done._do_move(
            "registered", {"reason": "\n".join(self.mapped("correction_reason"))}
        )
        return requests.filtered(lambda request: request.state == "registered")
