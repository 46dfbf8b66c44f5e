from urllib.parse import urlencode

from odoo.exceptions import AccessDenied
from odoo.http import request, route

from odoo.addons.web.controllers.utils import _get_login_redirect_url

from ..models.beneficiary.beneficiary_signin import SIGNIN_PATH
from ..models.beneficiary.res_users_signin import CODE_CREDENTIAL
from .portal import BeneficiaryPortal
from .portal_data import mark_as_proven

CODE_PATH = f"{SIGNIN_PATH}/code"
# What the browser's session keeps between the two pages.
SESSION = "beneficiary_signin"
# Arabic, unless the visitor chose another language before.
FIRST_LANGUAGE = "ar_001"


class BeneficiaryPortalSignin(BeneficiaryPortal):
    """Sign in with a mobile or identity number and a one-time code (R46).

    HTTP only. Whatever goes wrong with a code leads to one page with one sentence: the
    pages do not tell whether a number is known.
    """

    @route(
        SIGNIN_PATH,
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        multilang=False,
        methods=["GET"],
        readonly=True,
    )
    def portal_signin(self, **query):
        self._choose_first_language()
        target = self._read_target(query)
        if not request.env.user._is_public():
            return request.redirect(target)
        if not self._is_signin_on():
            return request.redirect(f"/web/login?{urlencode({'redirect': target})}")
        return self._render_signin(
            "beneficiary_relations.portal_signin",
            target=target,
            problem=self._get_signin_problems().get(query.get("problem")),
            number=request.session.get(SESSION, {}).get("number", ""),
            takes_newcomers=bool(
                request.env["beneficiary.newcomer"]._get_open_companies()
            ),
            password_url=f"/web/login?{urlencode({'redirect': target})}",
        )

    @route(
        SIGNIN_PATH,
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        multilang=False,
        methods=["POST"],
    )
    def portal_signin_ask(self, **post):
        typed = self._read_text(post, "number")
        target = self._read_target(post)
        if not self._is_signin_on():
            return request.redirect("/web/login")
        codes = request.env["beneficiary.signin.code"]
        number = codes._read_number(typed)
        key = ""
        if number:
            key = codes._ask(number, request.httprequest.remote_addr)
        request.session[SESSION] = {
            "key": key,
            "number": typed[:40],
            "target": target,
        }
        if key:
            return request.redirect(CODE_PATH)
        problem = "often" if number else "number"
        return request.redirect(f"{SIGNIN_PATH}?problem={problem}")

    @route(
        CODE_PATH,
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        multilang=False,
        methods=["GET"],
        readonly=True,
    )
    def portal_signin_code(self, **query):
        self._choose_first_language()
        kept = request.session.get(SESSION, {})
        if not request.env.user._is_public():
            return request.redirect(kept.get("target") or "/my")
        if not kept.get("key"):
            return request.redirect(SIGNIN_PATH)
        return self._render_signin(
            "beneficiary_relations.portal_signin_code",
            number=kept["number"],
            problem=self._get_signin_problems().get(query.get("problem")),
        )

    @route(
        CODE_PATH,
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        multilang=False,
        methods=["POST"],
    )
    def portal_signin_check(self, **post):
        kept = request.session.get(SESSION, {})
        if not kept.get("key"):
            return request.redirect(SIGNIN_PATH)
        credential = {
            "type": CODE_CREDENTIAL,
            "key": kept["key"],
            "code": self._read_code(post),
        }
        try:
            answer = request.session.authenticate(request.env, credential)
        except AccessDenied:
            return request.redirect(f"{CODE_PATH}?problem=code")
        request.session.pop(SESSION, None)
        mark_as_proven()
        lang = request.env(user=answer["uid"]).user.lang
        if lang:
            request.future_response.set_cookie("frontend_lang", lang)
        target = kept.get("target") or "/my"
        return request.redirect(_get_login_redirect_url(answer["uid"], target))

    def _is_signin_on(self):
        return request.env["res.company"]._has_beneficiary_signin()

    def _read_code(self, post):
        """Return the typed code in ASCII digits, without spaces (R44)."""
        codes = request.env["beneficiary.signin.code"]
        return codes._read_code(self._read_text(post, "code"))

    def _read_target(self, params):
        """Return the page to open after signing in: one of the portal's own."""
        target = self._read_text(params, "redirect")
        is_own = target == "/my" or target.startswith(("/my/", "/my?"))
        is_plain = not {"\\", "\n", "\r"} & set(target) and "//" not in target
        return target if is_own and is_plain and len(target) < 200 else "/my"

    def _get_signin_problems(self):
        return {
            "number": request.env._(
                "Write your mobile number or your identity number, in digits."
            ),
            "often": request.env._(
                "Codes were asked for too often. Wait an hour, or call the association."
            ),
            "code": request.env._(
                "This code does not work: it may be mistyped, too old, or used. Try "
                "again, or ask for a new code."
            ),
        }

    def _render_signin(self, template, **values):
        """Render a page for somebody who is not signed in, in Arabic at first."""
        response = request.render(
            template, {"page_name": "beneficiary_signin", **values}
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
        return response

    def _choose_first_language(self):
        """Choose Arabic for a visitor who has not chosen: by a cookie, or the address.

        Odoo would take the language of the browser, and cheap phones are sold in
        English.
        """
        wsgi = request.httprequest.environ
        is_chosen = request.cookies.get("frontend_lang") or not wsgi.get(
            "REQUEST_URI", ""
        ).startswith("/my/")
        language = request.env["res.lang"]._get_data(code=FIRST_LANGUAGE)
        if language.code and not is_chosen:
            request.lang = language
            request.update_context(lang=FIRST_LANGUAGE)
            request.future_response.set_cookie("frontend_lang", FIRST_LANGUAGE)
