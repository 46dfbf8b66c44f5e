from odoo.http import request, route

from .portal import BeneficiaryPortal


class BeneficiaryPortalDelivery(BeneficiaryPortal):
    """The applicant confirms a hand-over (R25, R33)."""

    @route(
        "/my/requests/<int:request_id>/deliveries/<int:delivery_id>/sign",
        type="jsonrpc",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_delivery_sign(self, request_id, delivery_id, name=None, signature=None):
        """Sign the receipt; called by the place to sign."""
        return self._take_signature(
            request_id,
            name,
            signature,
            lambda own_request: own_request._portal_receive(
                delivery_id, name, signature
            ),
            done="received",
        )

    @route(
        "/my/requests/<int:request_id>/deliveries/<int:delivery_id>/receipt",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_delivery_receipt(self, request_id, delivery_id, **query):
        """Show the signed receipt; a delivery that is not received has no receipt."""
        own_request = self._find_own_request(request_id)
        delivery = own_request and own_request._portal_get_receipt(delivery_id)
        if not delivery:
            return request.redirect("/my")
        return self._show_paper(
            "delivery_report_action", delivery, delivery.name.replace("/", "-")
        )

    def _get_done_messages(self):
        return {
            **super()._get_done_messages(),
            "received": request.env._("Thank you: your receipt is signed."),
        }
