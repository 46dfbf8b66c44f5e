from odoo.http import request, route

from .portal import BeneficiaryPortal


class BeneficiaryPortalTurn(BeneficiaryPortal):
    """The applicant says that all that was asked for is given (R21, R26)."""

    @route(
        "/my/requests/<int:request_id>/complete",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_request_complete(self, request_id, **post):
        """Take the applicant's word; opened as a page, only lead to the request."""
        own_request = self._find_own_request(request_id)
        if not own_request:
            return request.redirect("/my")
        if request.httprequest.method != "POST":
            return self._redirect_to(own_request)
        with self._collect({}, "general"):  # the page then shows where it stands
            own_request._portal_complete()
            return self._redirect_to(own_request, "completed")
        return self._redirect_to(own_request)

    def _get_done_messages(self):
        return {
            **super()._get_done_messages(),
            "completed": request.env._(
                "Thank you. The association was told today, and checks what you gave."
            ),
        }
