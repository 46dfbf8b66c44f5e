from odoo import models
from odoo.exceptions import UserError


class RequestDeliveryPortal(models.AbstractModel):
    """The applicant's side of deliveries: what comes when, and the receipt (R25, R33).

    Portal users have no right to deliveries at all: controllers call the
    ``_portal_*`` methods, which check whose request it is and act for the person, as
    superuser.
    """

    _name = "beneficiary.request.delivery.portal"
    _description = "Portal Side of the Deliveries of a Request"

    def _portal_get_page(self):
        deliveries = self._portal_get_deliveries()
        return {
            **super()._portal_get_page(),
            "deliveries": deliveries,
            "receipt": next(filter(lambda line: line["is_mine"], deliveries), None),
        }

    def _portal_get_actions(self):
        """What was handed over is not withdrawn any more."""
        actions = super()._portal_get_actions()
        if {"handed", "received"} & set(self.sudo().delivery_ids.mapped("state")):
            actions.discard("withdraw")
        return actions

    def _portal_get_deliveries(self):
        """Return the deliveries of this request as the applicant sees them.

        :return: list of dicts: ``delivery`` (superuser record), ``day`` (of the
            hand-over, or planned, in both calendars), ``is_mine`` (the acting user
            may sign its receipt now) and ``signer`` (the name it is signed in)
        """
        self.ensure_one()
        lines = []
        for delivery in self.sudo().delivery_ids:
            representative = delivery._get_acting_representative(self.env.user)
            lines.append(
                {
                    "delivery": delivery,
                    "day": self._format_date(
                        delivery.handed_on or delivery.planned_date
                    ),
                    "is_mine": delivery.state == "handed"
                    and delivery._is_receiver(self.env.user),
                    "signer": delivery._get_expected_receiver(representative),
                }
            )
        return lines

    def _portal_get_receipt(self, delivery_id):
        """Return the delivery of that id as superuser, once its receipt is signed.

        :return: a delivery of this request, or an empty record
        """
        return self.sudo().delivery_ids.filtered(
            lambda delivery: delivery.id == delivery_id and delivery.state == "received"
        )

    def _portal_receive(self, delivery_id, received_by, signature):
        """Sign the receipt of a delivery that was handed over.

        :param delivery_id: id of a delivery of this request
        :param received_by: name of who signs, as it was typed
        :param signature: image of the signature, base64
        :raise UserError: when there is no such receipt to sign, or the acting user
            does not receive for the file
        """
        self._portal_check()
        delivery = self.sudo().delivery_ids.filtered(
            lambda line: line.id == delivery_id
        )
        if delivery.state != "handed":
            raise UserError(self.env._("This is not possible any more."))
        delivery._move(
            "receive",
            received_by=received_by,
            representative=delivery._get_acting_representative(self.env.user),
            signature=signature,
        )
        self._portal_tell_office()
