from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rules import delivery_flow


class RequestDelivery(models.Model):
    """The deliveries of a request: planned, handed over and received (R25)."""

    _inherit = "beneficiary.request"

    delivery_ids = fields.One2many(
        "beneficiary.delivery", "request_id", string="Deliveries", tracking=True
    )
    undelivered_reason = fields.Text(
        string="Why the Rest Is Not Delivered", readonly=True, copy=False
    )

    @api.depends("delivery_ids.amount_kept")
    def _compute_amount_planned(self):
        for request in self:
            request.amount_planned = sum(request.delivery_ids.mapped("amount_kept"))

    def _get_granted_amount(self):
        """Return the granted amount, read as superuser; 0 without a decision."""
        self.ensure_one()
        return self.sudo()._get_current_decision().amount_granted

    def _get_kept_deliveries(self):
        return self.delivery_ids.filtered(
            lambda delivery: delivery.state in delivery_flow.KEPT
        )

    def _get_undelivered_amount(self):
        """Return the granted amount that is in no delivery; 0 if it is unknown.

        It is unknown for migrated requests, and if a delivery has no value in money.
        """
        self.ensure_one()
        request = self.sudo()  # not every user may read deliveries
        amounts = request._get_kept_deliveries().mapped("amount")
        if request.origin == "migrated" or not all(amounts):
            return 0
        rest = request._get_granted_amount() - request.amount_planned
        return max(request.currency_id.round(rest), 0)

    def _get_owed(self):
        """Return the granted amount that nobody has received yet."""
        self.ensure_one()
        waiting = (
            self.sudo()
            ._get_kept_deliveries()
            .filtered(lambda delivery: delivery.state != "received")
        )
        return self._get_undelivered_amount() + sum(waiting.mapped("amount"))

    def _guard_deliveries(self, given):
        """R25: everything granted was handed over, against a signed receipt."""
        if self.origin == "migrated":
            return []  # it was delivered long ago, or recorded elsewhere
        deliveries = self._get_kept_deliveries()
        if not deliveries:
            return [self.env._("No delivery is planned. Plan at least one.")]
        problems = {
            "planned": self.env._("Delivery %(number)s has not been handed over."),
            "handed": self.env._("The receipt of delivery %(number)s is not signed."),
        }
        return [
            problems[delivery.state] % {"number": delivery.name}
            for delivery in deliveries
            if delivery.state in problems
        ] + self._get_rest_problems(given.get("reason"))

    def _get_delivery_step(self):
        """Return the step that comes before the delivery is complete."""
        states = {delivery.state for delivery in self._get_kept_deliveries()}
        return "hand" if delivery_flow.OPEN & states else "plan"

    def _get_rest_problems(self, reason):
        """Return a sentence if a part of the grant is undelivered without a reason."""
        rest = self._get_undelivered_amount()
        if not rest or (reason or "").strip():
            return []
        return [
            self.env._(
                "%(rest)s of the %(granted)s granted is in no delivery. Plan it, or "
                "write why it is not delivered.",
                rest=self.currency_id.format(rest),
                granted=self.currency_id.format(self._get_granted_amount()),
            )
        ]

    def _do_deliver(self, target, given):
        partly = self.filtered(lambda request: request._get_undelivered_amount())
        partly._write_flow({"undelivered_reason": given.get("reason")})

    def action_redeliver(self, reason=None):
        """Register a delivered request again: it was delivered by mistake, or in part.

        :param reason: the mistake, as it stays on record
        """
        return self._move("redeliver", reason=reason)

    def _guard_granted(self, given):
        """A request that was closed after a rejection has nothing to deliver."""
        if self.origin == "migrated" or self._is_granted():
            return []
        return [self.env._("Nothing was granted: there is nothing to deliver.")]

    def _is_granted(self):
        return self.sudo()._get_current_decision().outcome == "accepted"

    def _do_redeliver(self, target, given):
        """Void the step of the delivery; it stays on record, with the reason."""
        delivered = self.step_ids.filtered(lambda step: step.code == "deliver")
        delivered._void(given["reason"], keep=())
        self._write_flow({"undelivered_reason": False})

    def _guard_nothing_handed(self, given):
        """What was handed over stays handed over: it is not decided anew."""
        handed = self.delivery_ids.filtered(
            lambda delivery: delivery.state in delivery_flow.KEPT - {"planned"}
        )
        if not handed:
            return []
        return [
            self.env._(
                "These were handed over: %(deliveries)s. Record first that they came "
                "back, or make another request for the rest.",
                deliveries=self._list_words(handed.mapped("name")),
            )
        ]

    def _after_reopen(self, target):
        """What was planned belongs to the decision that is taken back."""
        for request in self:
            request.delivery_ids._withdraw(request.reopen_reason)
        return super()._after_reopen(target)

    def _after_cancel(self, target):
        """Cancel the planned deliveries, and keep those that were handed over.

        The applicant gets a notice, unless the applicant withdrew the request.
        """
        if not self.env.user._is_portal():
            sent = self.filtered("submitted_on")
            self.env["beneficiary.notice"]._queue(sent, "cancelled")
        for request in self:
            request.delivery_ids._withdraw(request.note_to_applicant)

    def action_view_deliveries(self):
        """Open the deliveries of this request."""
        self.ensure_one()
        self.check_access("read")
        self.env["beneficiary.delivery"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.delivery_action"
        )
        action["domain"] = [("request_id", "=", self.id)]
        action["context"] = {"default_request_id": self.id}
        if len(self.delivery_ids) == 1:
            action.update(views=[(False, "form")], res_id=self.delivery_ids.id)
        return action

    # -- on the portal -----------------------------------------------------------------

    def _portal_get_page(self):
        page = super()._portal_get_page()
        deliveries = self._portal_get_deliveries()
        return {
            **page,
            "deliveries": deliveries,
            "receipt": next(filter(lambda line: line["is_mine"], deliveries), None),
        }

    def _portal_get_actions(self, missing=None):
        """Offer no withdrawal once something was handed over."""
        actions = super()._portal_get_actions(missing)
        deliveries = self._portal_list_deliveries()
        if {"handed", "received"} & set(deliveries.mapped("state")):
            actions.discard("withdraw")
        return actions

    def _portal_get_deliveries(self):
        """Return the deliveries of this request as the applicant sees them.

        :return: list of dicts: ``delivery`` (superuser record), ``day`` (of the
            hand-over, or planned, in both calendars), ``is_mine`` (the acting user
            may sign the receipt now), ``signer`` (the name on the receipt) and
            ``signer_text`` (the sentence that says so)
        """
        self.ensure_one()
        lines = []
        for delivery in self._portal_list_deliveries():
            representative = delivery._get_acting_representative(self.env.user)
            signer = delivery._get_expected_receiver(representative)
            lines.append(
                {
                    "delivery": delivery,
                    "day": self._format_both(
                        delivery.handed_on or delivery.planned_date
                    ),
                    "is_mine": delivery.state == "handed"
                    and delivery._is_receiver(self.env.user),
                    "signer": signer,
                    "signer_text": delivery.beneficiary_id._get_signer_text(signer),
                }
            )
        return lines

    def _portal_list_deliveries(self):
        """Return the deliveries of this request, as superuser."""
        if not self._was_ever_answered():
            return self.env["beneficiary.delivery"].sudo()
        return self.sudo().delivery_ids

    def _portal_get_delivery_code(self):
        """Return what the deliveries make of where this request stands, if anything.

        A guardian who may not receive is not asked for the receipt.
        """
        deliveries = self._portal_list_deliveries()
        handed = deliveries.filtered(lambda line: line.state == "handed")
        user = self.env.user
        if any(not user._is_portal() or one._is_receiver(user) for one in handed):
            return "receive"
        is_planned = self.state == "registered" and "planned" in deliveries.mapped(
            "state"
        )
        return "planned" if is_planned else ""

    def _portal_get_planned_text(self):
        """Return when and where the next delivery of this request is handed over."""
        planned = self.delivery_ids.filtered(lambda line: line.state == "planned")
        delivery = planned.sorted("planned_date")[:1]
        day = self._format_both(delivery.planned_date)
        if delivery.place:
            return self.env._(
                "It is handed over on %(date)s. Place: %(place)s.",
                date=day,
                place=delivery.place,
            )
        return self.env._("It is handed over on %(date)s.", date=day)

    def _portal_get_receipt(self, delivery_id):
        """Return the delivery ``delivery_id`` as superuser, if its receipt is signed.

        :return: a delivery of this request, or an empty record
        """
        return self.sudo().delivery_ids.filtered(
            lambda delivery: delivery.id == delivery_id and delivery.state == "received"
        )

    def _portal_receive(self, delivery_id, received_by, signature):
        """Sign the receipt of a delivery that was handed over.

        :param delivery_id: id of a delivery of this request
        :param received_by: name of the signer, as it was typed
        :param signature: image of the signature, base64
        :raise UserError: when there is no such receipt to sign, or the acting user
            may not receive for the file
        """
        self._portal_check()
        delivery = self.sudo().delivery_ids.filtered(
            lambda line: line.id == delivery_id
        )
        if delivery.state == "received" and delivery.recorded_by_id == self.env.user:
            return  # the same call came twice
        if delivery.state != "handed":
            raise UserError(self.env._("This is not possible any more."))
        delivery._move(
            "receive",
            received_by=received_by,
            representative=delivery._get_acting_representative(self.env.user),
            signature=signature,
        )
        self._portal_tell_office()
