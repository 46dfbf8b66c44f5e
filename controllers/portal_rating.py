from odoo.http import request, route

from .portal import BeneficiaryPortal


class BeneficiaryPortalRating(BeneficiaryPortal):
    """The person rates the service: on the own page, or by a link (R29)."""

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
        words = self._read_text(post, "words")
        errors = {}
        # A form that is sent twice shows the rating of the first time.
        if not own_request._get_rating():
            with self._collect(errors, "rating"):
                own_request._portal_rate(self._read_text(post, "rate"), words)
        if errors:
            return self._answer(own_request.access_url, errors, {"words": words})
        return self._redirect_to(own_request, "rated")

    def _get_done_messages(self):
        return {
            **super()._get_done_messages(),
            "rated": request.env._("Thank you for your rating. It helps us improve."),
        }

    # -- the link that needs no sign-in ------------------------------------------------

    @route(
        "/rate/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def rating_by_link(self, token, **query):
        """Show the faces, or thanks; it changes nothing (R29).

        The page says nothing about the person: links are forwarded.
        """
        rated = self._find_rated(token)
        if rated is None:
            return request.render("beneficiary_relations.rating_no_link", status=404)
        is_rated = bool(rated._get_rating())
        if not is_rated and not rated._is_open_by_link():
            return request.render("beneficiary_relations.rating_no_link", status=404)
        errors, values = self._take_refused(f"/rate/{token}")
        response = request.render(
            "beneficiary_relations.rating_by_link",
            {
                "association": rated.company_id.name,
                "what": rated._get_rated_words(),
                "is_rated": is_rated,
                "token": token,
                "errors": errors,
                "values": values,
            },
        )
        # The address is the key: no other site learns it from the browser.
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @route(
        "/rate/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def rating_send(self, token, **post):
        rated = self._find_rated(token)
        words = self._read_text(post, "words")
        errors = {}
        if rated is not None and not rated._get_rating():
            with self._collect(errors, "rating"):
                rated._rate_by_link(self._read_text(post, "rate"), words)
        return self._answer(f"/rate/{token}", errors, {"words": words})

    def _find_rated(self, token):
        """Return the record that the link opens, in its person's language, or None."""
        rated = request.env["beneficiary.rating.link"]._find_rated(token)
        if rated is None:
            return None
        if request.env.user._is_public() and (lang := rated._get_rating_lang()):
            request.lang = request.env["res.lang"]._get_data(code=lang)
            request.update_context(lang=lang)
        return rated.with_context(lang=request.env.lang)
