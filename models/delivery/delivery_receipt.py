from odoo import fields, models


class DeliveryReceipt(models.Model):
    """The signed receipt of a delivery: the receiver and the signature (R25).

    The person of the file receives, or a representative whose scope allows receipt.
    For a place, a group or a body, anybody who is there may receive. If nobody can
    sign, the receipt needs the reason instead.
    """

    _inherit = "beneficiary.delivery"
    _upload_fields = {"signature": None, "paper": "paper_name"}

    method = fields.Selection(string="How It Was Signed", readonly=True)
    received_by = fields.Char(readonly=True, copy=False)
    representative_id = fields.Many2one(
        "beneficiary.representative",
        string="Received for the File By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    received_on = fields.Datetime(
        string="Receipt Recorded On", readonly=True, copy=False
    )
    recorded_by_id = fields.Many2one(
        "res.users", string="Receipt Recorded By", readonly=True, copy=False
    )
    paper_name = fields.Char(string="Name of the Scan", readonly=True, copy=False)

    def _is_receiver(self, user):
        """Whether the portal user ``user`` may sign this receipt on the portal.

        The person of the file may. A representative may if the representative both
        acts on the portal and receives. A representative who only collects signs
        with the staff.
        """
        return self._is_person(user) or bool(self._get_representatives(user))

    def _is_person(self, user):
        """Whether ``user`` is the person of the file, not a representative."""
        file = self.sudo().beneficiary_id  # portal users may not read the file
        return user in file.portal_user_ids

    def _get_acting_representative(self, user):
        """Return ``user`` as representative; empty if the user is the person."""
        representatives = self._get_representatives(user)[:1]
        return representatives.browse() if self._is_person(user) else representatives

    def _get_representatives(self, user=None, day=None):
        """Return the file's representatives who may receive, as superuser.

        :param user: return only representatives who act on the portal as this user
        :param day: day of the receipt, in the association's time; None is today
        """
        self.ensure_one()
        delivery = self.sudo()
        representatives = delivery.beneficiary_id.representative_ids
        if user:
            representatives = representatives._filter_acting().filtered(
                lambda representative: representative.user_id == user
            )
        return representatives.filtered_domain(
            representatives._get_receipt_domain(
                day or delivery.company_id._get_beneficiary_today()
            )
        )

    def _get_expected_receiver(self, representative):
        """Return the name of the person who must sign; empty if anybody may sign."""
        self.ensure_one()
        return representative.name or self.beneficiary_id._get_own_signer()

    def _guard_receipt(self, given):
        """R25: the receipt names the receiver and is signed."""
        problems = self._get_receiver_problems(given)
        can_sign = self.beneficiary_id._can_sign()
        if can_sign and given.get("waiver"):
            problems.append(self.env._("A person signs the receipt: no exception."))
        is_waived = not can_sign and (given.get("waiver") or "").strip()
        if not (self._is_signed(given) or is_waived):
            problems.append(
                self.env._("The receipt needs a signature, or the signed paper.")
                if can_sign
                else self.env._(
                    "The receipt needs a signature, the signed paper, or why nobody "
                    "can sign."
                )
            )
        return problems + self._get_witness_problems(given)

    def _get_receiver_problems(self, given):
        representative = given["representative"]
        day = self.handed_on or given["handed_on"]
        if representative and representative not in self._get_representatives(day=day):
            return [
                self.env._(
                    "Choose a representative of this file whose scope allows receipt, "
                    "in effect on the day of the hand-over."
                )
            ]
        name = (given["received_by"] or "").strip()
        expected = self._get_expected_receiver(representative)
        if expected and name and not self.beneficiary_id._is_one_of(name, [expected]):
            return [
                self.env._(
                    "The receipt is signed in the name of %(name)s. Who receives for "
                    "another person is a representative of the file, with a scope that "
                    "allows receipt.",
                    name=expected,
                )
            ]
        if not (expected or name or given.get("waiver")):
            return [self.env._("Write the name of the receiver.")]
        return []

    def _do_receive(self, target, given):
        at_once = self.filtered(lambda delivery: delivery.state == "planned")
        at_once._do_hand(target, given)
        representative = given["representative"]
        name = (given["received_by"] or "").strip()
        for delivery in self:
            delivery._write_flow(
                {
                    **self._prepare_signature_vals(given),
                    "paper_name": given.get("paper_name"),
                    "received_by": delivery._get_expected_receiver(representative)
                    or name,
                    "representative_id": representative.id,
                    "received_on": fields.Datetime.now(),
                    "recorded_by_id": self.env.uid,
                }
            )
