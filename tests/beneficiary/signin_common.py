"""Shared parts of the tests of the sign-in by code."""

import re
from unittest.mock import patch

from lxml import html

from odoo.http import root

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.sms.tools.sms_api import SmsApiBase

from .common import InviteCase

PHONE = "0500000007"
IDENTITY = "1000000024"
SIGNIN = "/my/signin"
CODE = "/my/signin/code"


class SigninCase(InviteCase):
    """A signed-out browser, and a provider whose texts are kept in a list."""

    def setUp(self):
        super().setUp()
        # Tests ask more often than one person may; each limit has its own test.
        self.env["ir.config_parameter"].set_param("base.login_cooldown_after", 0)
        self.texts = texts = []
        self.letters = letters = []
        self.answer = "success"
        test = self

        class Provider(SmsApiBase):
            def _send_sms_batch(self, messages, delivery_reports_url=False):
                (message,) = messages
                (number,) = message["numbers"]
                texts.append((number["number"], message["content"], self.company))
                return [{"uuid": number["uuid"], "state": test.answer}]

        companies = self.registry["res.company"]
        self.startPatcher(
            patch.object(companies, "_get_sms_api_class", lambda company: Provider)
        )

        def send_email(server, message, *args, **kwargs):
            letters.append((message["To"], message.get_content()))

        self.startPatcher(patch.object(IrMail_Server, "send_email", send_email))
        self.authenticate(None, None)

    def _open(self, path):
        response = self.url_open(path)
        self.assertEqual(response.status_code, 200, path)
        return html.fromstring(response.content)

    def _fill(self, page_path, data, path=None):
        """Fill in and send the form of a page, as a browser does."""
        page = self._open(page_path)
        (token,) = page.xpath("//form//input[@name='csrf_token']/@value")[:1]
        response = self.url_open(
            path or page_path, data={"csrf_token": token, **data}, method="POST"
        )
        self.env.invalidate_all()
        return response

    def _ask(self, number=PHONE, **data):
        """Ask for a code, let it be sent, and return the codes that left."""
        known = len(self.texts), len(self.letters)
        response = self._fill(SIGNIN, {"number": number, **data})
        self.assertEqual(response.status_code, 200)
        self._run_codes()
        words = [text for _to, text, _by in self.texts[known[0] :]]
        words += [text for _to, text in self.letters[known[1] :]]
        return [re.findall(r"\b\d{6}\b", text)[0] for text in words]

    def _run_codes(self):
        self.env.flush_all()
        self.env.ref(
            "beneficiary_relations.ir_cron_signin_code"
        ).method_direct_trigger()
        self.env.invalidate_all()

    def _type(self, code):
        return self._fill(CODE, {"code": code})

    def _who(self):
        """Return the user whose session the browser has, if any."""
        sid = self.opener.cookies["session_id"]
        return self.env["res.users"].browse(
            root.session_store.get(sid).get("uid") or []
        )

    def _forget_browser(self):
        """Use another browser from now on."""
        self.authenticate(None, None)
        self.opener.cookies.pop("frontend_lang", None)
