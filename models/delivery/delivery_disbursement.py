from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules import disbursement_flow
from ...rules.flow import NEXT_STEP
from .delivery import PLAN_FIELDS


class DeliveryDisbursement(models.Model):
    """A delivery that the bank pays, in a list of disbursement (R52).

    It is in one list at most. While the list is with the bank, only the bank's answer
    moves the delivery: the bank's word is its receipt. A delivery that came back stays
    in its list, and the delivery that takes its place waits for another one.
    """

    _inherit = "beneficiary.delivery"
    _next_depends = (
        "state",
        "correction_ids.state",
        "disbursement_line_id.disbursement_id.state",
    )

    disbursement_line_id = fields.Many2one(
        "beneficiary.disbursement.line",
        string="Payment",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
    )
    transfer_reference = fields.Char(
        compute="_compute_transfer_reference",
        compute_sudo=True,
        help="The bank's number of the transfer, or the reference of the payment.",
    )
    method = fields.Selection(selection_add=[("transfer", "Bank Transfer")])

    @api.depends("method", "disbursement_line_id.bank_reference")
    def _compute_transfer_reference(self):
        for delivery in self:
            line = delivery.disbursement_line_id
            is_transfer = delivery.method == "transfer"
            delivery.transfer_reference = is_transfer and (
                line.bank_reference or line.name
            )

    def _get_next_step(self):
        # Nobody signs for what is with the bank.
        return not self._get_list_problem() and super()._get_next_step()

    def write(self, vals):
        if PLAN_FIELDS & vals.keys():
            for delivery in self:
                if problem := delivery._get_list_problem():
                    raise UserError(problem)
        return super().write(vals)

    def _get_list_problem(self):
        """Return a sentence if this delivery is with the bank, or an empty text."""
        self.ensure_one()
        line = self.sudo().disbursement_line_id  # not everybody reads the lists
        if (
            self.state != "planned"
            or line.disbursement_id.state not in disbursement_flow.FROZEN
        ):
            return ""
        return self.env._(
            "%(delivery)s is in the list of disbursement %(list)s: record there what "
            "the bank answers.",
            delivery=self.name,
            list=line.disbursement_id.name,
        )

    def _get_problems(self, move, given):
        if problem := self._get_list_problem():
            return [problem]
        return super()._get_problems(move, given)

    def _withdraw(self, reason):
        """Leave what is with the bank: the money may be on its way."""
        free = self.filtered(lambda delivery: not delivery._get_list_problem())
        return super(DeliveryDisbursement, free)._withdraw(reason)

    def _do_move(self, target, given):
        """What is moved otherwise leaves the list that is still being prepared."""
        result = super()._do_move(target, given)
        deliveries = self.sudo()  # nobody writes payments by hand
        left = deliveries.filtered(
            lambda delivery: delivery.disbursement_line_id.list_state == "draft"
        )
        if left:
            lines = left.disbursement_line_id
            left._write_flow({"disbursement_line_id": False})
            lines.filtered(lambda line: not line.delivery_ids).unlink()
        return result

    def _do_receive(self, target, given):
        """The bank's word is the receipt of a transfer."""
        if not given.get("is_transfer"):
            return super()._do_receive(target, given)
        now = fields.Datetime.now()
        for payment, deliveries in self.grouped("disbursement_line_id").items():
            deliveries._write_flow(
                {
                    "handed_on": given["handed_on"],
                    "handed_by_id": self.env.uid,
                    "method": "transfer",
                    "received_by": payment.payee,
                    "received_on": now,
                    "recorded_by_id": self.env.uid,
                }
            )

    # -- what the bank sent back -------------------------------------------------------

    def _do_bounce(self, target, given):
        self._correct(given)

    def _after_bounce(self, target):
        self._go_on()

    def _go_on(self):
        """Plan what the bank sent back again, and let the officer mend the account."""
        bounced = self.filtered(
            lambda delivery: (
                delivery.state == "returned"
                and delivery.disbursement_line_id.state == "returned"
            )
        )
        others = self - bounced
        result = super(DeliveryDisbursement, others)._go_on()
        requests = bounced._register_again()
        alive = requests.filtered(lambda request: not request._guard_alive({}))
        bounced.filtered(lambda delivery: delivery.request_id in alive)._plan_again()
        requests._tell_office(
            NEXT_STEP,
            lambda env: env._(
                "The bank sent a transfer back: check the IBAN of the file, then "
                "gather it again"
            ),
        )
        return result
