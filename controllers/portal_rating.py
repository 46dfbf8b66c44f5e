from odoo.http import request, route

from .portal import BeneficiaryPortal


class BeneficiaryPortalRating(BeneficiaryPortal):
    """The applicant rates the service (R29)."""

    @route(
        "/my/requests/<int:request_id>/rate",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_request_rate(self, request_id, **post):
        own_request = self._find_own_request(request_id)
        if not own_request:
            return request.redirect("/my")
        errors = {}
        with self._collect(errors, "general"):
            own_request._portal_rate(
                self._read_text(post, "rate"), self._read_text(post, "words")
            )
        if errors:
            return self._answer(own_request.access_url, errors)
        return self._redirect_to(own_request, "rated")

    def _get_done_messages(self):
        return {
            **super()._get_done_messages(),
            "rated": request.env._("Thank you for your rating. It helps us improve."),
        }
