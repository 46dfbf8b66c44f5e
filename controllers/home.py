from odoo.http import request

from odoo.addons.portal.controllers.web import Home


class BeneficiaryHome(Home):
    """Signing in."""

    def _login_redirect(self, uid, redirect=None):
        """Show applicants the pages in the language of their own account.

        Otherwise the language in which the sign-in page happened to open would win.
        Whoever chooses another one at the foot of a page keeps that.
        """
        env = request.env(user=uid)
        if env.user.lang and env["beneficiary.beneficiary"]._get_portal_files():
            request.future_response.set_cookie("frontend_lang", env.user.lang)
        return super()._login_redirect(uid, redirect=redirect)
