from odoo import fields, models

from ...rules import disbursement_flow
from ..mixins.refusal import Problem


class DisbursementLineFlow(models.Model):
    """What the bank did with a payment, by :data:`rules.disbursement_flow.PAYMENTS`.

    The deliveries of the payment follow: they are received, or came back and are
    planned again (R25, R52).
    """

    _inherit = "beneficiary.disbursement.line"
    _transitions = disbursement_flow.PAYMENTS

    state = fields.Selection(
        [
            ("waiting", "With the Bank"),
            ("paid", "Paid"),
            ("returned", "Sent Back"),
        ],
        string="Payment Status",
        default="waiting",
        required=True,
        readonly=True,
        copy=False,
    )
    paid_on = fields.Date(readonly=True, copy=False)
    bank_reference = fields.Char(
        readonly=True, copy=False, help="The bank's own number: the proof of payment."
    )
    return_reason = fields.Text(string="Why Sent Back", readonly=True, copy=False)
    returned_on = fields.Datetime(string="Sent Back On", readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        "res.users", string="Answer Recorded By", readonly=True, copy=False
    )

    def action_pay(self, paid_on=None, bank_reference=None):
        """Record that the bank paid these.

        :param paid_on: day of the payment, in the association's time and in either
            calendar
        :param bank_reference: the bank's number, if it gave one
        """
        day = fields.Date.to_date(self._read_date("paid_on", paid_on))
        return self._move("pay", handed_on=day, bank_reference=bank_reference)

    def action_return(self, reason=None):
        """Record that the bank did not pay these, or sent them back.

        :param reason: the bank's reason, as it stays on record
        """
        return self._move("return", reason=reason)

    def _get_roles(self):
        return self.env.user._get_beneficiary_roles()

    # -- guards ------------------------------------------------------------------------

    def _guard_frozen(self, given):
        if self.disbursement_id.state in disbursement_flow.FROZEN:
            return []
        return [self.env._("The list of disbursement is not approved yet.")]

    def _guard_own(self, given):
        return self.disbursement_id._get_interest_problems(self.beneficiary_id)

    def _guard_paid_on(self, given):
        day = given["handed_on"]
        sentence = ""
        if not day:
            sentence = self.env._("Write the day on which the bank paid.")
        elif day > self.company_id._get_beneficiary_today():
            sentence = self.env._("The day of the payment is still to come.")
        elif (approved := self.disbursement_id.approved_on) and (
            day < self.disbursement_id._get_local_day(approved)
        ):
            sentence = self.env._("The bank paid after the list was approved.")
        return [Problem(sentence, None, "paid_on")] if sentence else []

    # -- what each move writes, and what follows ---------------------------------------

    def _do_pay(self, target, given):
        self._write_flow(
            {
                "paid_on": given["handed_on"],
                "bank_reference": given.get("bank_reference"),
                "answered_by_id": self.env.uid,
            }
        )

    def _after_pay(self, target):
        for day, lines in self.grouped("paid_on").items():
            deliveries = lines.delivery_ids
            deliveries = deliveries.filtered(lambda one: one.state == "planned")
            deliveries._do_move("received", {"handed_on": day, "is_transfer": True})
        self.disbursement_id._finish()

    def _do_return(self, target, given):
        self._write_flow(
            {
                "return_reason": given["reason"].strip(),
                "returned_on": fields.Datetime.now(),
                "answered_by_id": self.env.uid,
            }
        )

    def _after_return(self, target):
        for reason, lines in self.grouped("return_reason").items():
            # What was settled with the person meanwhile stays as it is.
            deliveries = lines.delivery_ids.filtered(
                lambda one: one.state in ("planned", "received")
            )
            deliveries._do_move("returned", {"reason": reason})
        self.disbursement_id._finish()
