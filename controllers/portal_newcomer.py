from odoo.http import request, route

from ..models.beneficiary.newcomer import LONGEST
from ..models.beneficiary.res_config_settings_newcomer import NEWCOMER_PATH
from .portal import LARGEST_ID
from .portal_signin import BeneficiaryPortalSignin

CONFIRM_PATH = f"{NEWCOMER_PATH}/code"
DONE_PATH = f"{NEWCOMER_PATH}/done"
SESSION = "beneficiary_newcomer"


class BeneficiaryPortalNewcomer(BeneficiaryPortalSignin):
    """“I am new”: an unknown person makes themselves known (R47).

    HTTP only. The pages are the same for people who are known already.
    """

    @route(
        NEWCOMER_PATH,
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        multilang=False,
        methods=["GET"],
        readonly=True,
    )
    def portal_newcomer(self, **query):
        self._choose_first_language()
        kept = request.session.get(SESSION, {})
        invitation = self._read_text(query, "invitation") or kept.get("invitation", "")
        companies = self._get_newcomer_companies(invitation)
        if not companies:
            return self._render_signin("beneficiary_relations.portal_newcomer_closed")
        return self._render_signin(
            "beneficiary_relations.portal_newcomer",
            companies=companies,
            invitation=invitation,
            longest=LONGEST,
            typed=kept.get("typed", {}),
            errors=kept.get("errors", {}),
        )

    @route(
        NEWCOMER_PATH,
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        multilang=False,
        methods=["POST"],
    )
    def portal_newcomer_send(self, **post):
        invitation = self._read_text(post, "invitation")
        companies = self._get_newcomer_companies(invitation)
        if not companies:
            return request.redirect(NEWCOMER_PATH)
        newcomers = request.env["beneficiary.newcomer"]
        typed = {name: self._read_text(post, name) for name in LONGEST}
        values, errors = newcomers._read_form(typed)
        company = self._choose_company(companies, post)
        if not company:
            errors["company"] = request.env._("Choose the association.")
        key = ""
        if not errors:
            key = newcomers._keep(
                company, values, request.httprequest.remote_addr, request.env.lang
            )
            if not key:
                errors["general"] = self._get_signin_problems()["often"]
        request.session[SESSION] = {
            "key": key,
            "invitation": invitation,
            "typed": {} if key else {**values, "company": company.id},
            "number": values["phone"],
            "errors": errors,
        }
        return request.redirect(CONFIRM_PATH if key else NEWCOMER_PATH)

    @route(
        CONFIRM_PATH,
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        multilang=False,
        methods=["GET"],
        readonly=True,
    )
    def portal_newcomer_code(self, **query):
        self._choose_first_language()
        kept = request.session.get(SESSION, {})
        if kept.get("is_done"):
            return request.redirect(DONE_PATH)
        if not kept.get("key"):
            return request.redirect(NEWCOMER_PATH)
        return self._render_signin(
            "beneficiary_relations.portal_newcomer_code",
            number=kept["number"],
            problem=self._get_signin_problems().get(query.get("problem")),
        )

    @route(
        CONFIRM_PATH,
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        multilang=False,
        methods=["POST"],
    )
    def portal_newcomer_confirm(self, **post):
        kept = request.session.get(SESSION, {})
        if kept.get("is_done"):  # the same form again: the same answer
            return request.redirect(DONE_PATH)
        if not kept.get("key"):
            return request.redirect(NEWCOMER_PATH)
        newcomers = request.env["beneficiary.newcomer"]
        if not newcomers._confirm(kept["key"], self._read_code(post)):
            return request.redirect(f"{CONFIRM_PATH}?problem=code")
        request.session[SESSION] = {"is_done": True}
        return request.redirect(DONE_PATH)

    @route(
        DONE_PATH,
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        multilang=False,
        methods=["GET"],
        readonly=True,
    )
    def portal_newcomer_done(self, **query):
        self._choose_first_language()
        if not request.session.get(SESSION, {}).get("is_done"):
            return request.redirect(NEWCOMER_PATH)
        return self._render_signin("beneficiary_relations.portal_newcomer_done")

    def _get_newcomer_companies(self, invitation=""):
        newcomers = request.env["beneficiary.newcomer"]
        return newcomers._get_open_companies(invitation)

    def _choose_company(self, companies, post):
        """Return the association that was chosen; the only one need not be."""
        chosen = self._read_text(post, "company")
        if len(companies) == 1:
            return companies
        number = int(chosen) if chosen.isdecimal() and chosen.isascii() else 0
        return companies.filtered(lambda company: company.id == min(number, LARGEST_ID))
