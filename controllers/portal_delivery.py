from odoo.http import request, route

from .portal import BeneficiaryPortal


class BeneficiaryPortalDelivery(BeneficiaryPortal):
    """The applicant confirms what was handed over (R25, R33)."""

    @route(
        "/my/requests/<int:request_id>/deliveries/<int:delivery_id>/sign",
        type="jsonrpc",
        auth="user",
        website=True,
    )
    def portal_delivery_sign(self, request_id, delivery_id, name=None, signature=None):
        """Sign the receipt; called by ``portal.signature_form``."""
        return self._take_signature(
            request_id,
            name,
            signature,
            lambda own_request: own_request._portal_receive(
                delivery_id, name, signature
            ),
            done="received",
        )

    def _get_done_messages(self):
        return {
            **super()._get_done_messages(),
            "received": request.env._("Thank you: your receipt is signed."),
        }
