import secrets
from unittest.mock import patch

from odoo.tests import tagged

from ..beneficiary.signin_common import SigninCase

CODE = 222222


class SigninTourCase(SigninCase):
    """A small telephone to which codes come at once; each of them is ``CODE``."""

    browser_size = "360x740"
    touch_enabled = True

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(secrets, "randbelow", lambda most: CODE))
        codes = type(self.env["beneficiary.signin.code"])
        ask = codes._ask

        def ask_and_send(model, *args, **kwargs):
            """Do at once what the scheduled action does a moment later."""
            key = ask(model, *args, **kwargs)
            for row in model.sudo().search([("typed", "!=", False)]):
                for send in row._prepare_letters():
                    send()
            return key

        self.patch(codes, "_ask", ask_and_send)


@tagged("post_install", "-at_install", "without_demo", "beside_apps")
class TestSigninTour(SigninTourCase):
    """R46, R47: signing in and making oneself known, on a small telephone."""

    def setUp(self):
        super().setUp()
        self.person.with_user(self.officer).action_invite_to_portal("paper")

    def test_sign_in(self):
        """R46, R44: in Arabic, which needs no choice."""
        self.start_tour("/my/signin?redirect=/my/requests", "beneficiary_signin")
        self.assertTrue(self.person.portal_user_ids.login_date)

    def test_sign_in_english(self):
        """R46: in English, which the address chooses."""
        self.person.portal_user_ids.lang = "en_US"
        self.start_tour(
            "/en/my/signin?redirect=/my/requests", "beneficiary_signin_english"
        )
        self.assertTrue(self.person.portal_user_ids.login_date)

    def test_newcomer(self):
        """R47: a mistake, a wrong code, and then the file for an officer to check."""
        self.company.beneficiary_newcomers = "open"
        self.start_tour("/my/signin", "beneficiary_newcomer")
        self.env["beneficiary.newcomer"].search([])._make_files()
        file = self.env["beneficiary.beneficiary"].search([], order="id desc", limit=1)
        self.assertEqual((file.source, file.state), ("portal", "new"))
