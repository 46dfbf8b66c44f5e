from odoo.http import request

from odoo.addons.portal.controllers.web import Home

from .portal_data import mark_as_proven


class BeneficiaryHome(Home):
    """The sign-in page."""

    def _login_redirect(self, uid, redirect=None):
        """Show applicants the pages in the language of their own account.

        Otherwise the language of the sign-in page would win. A user who chooses another
        language at the foot of a page keeps that language.
        """
        env = request.env(user=uid)
        if env.user._is_portal():
            mark_as_proven()
        if env.user.lang and env["beneficiary.beneficiary"]._get_portal_files():
            request.future_response.set_cookie("frontend_lang", env.user.lang)
        return super()._login_redirect(uid, redirect=redirect)
