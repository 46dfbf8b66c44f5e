import re

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..request.common import select
from .common import FILE
from .signin_common import IDENTITY, SigninCase

NEW = "/my/new"
CODE = "/my/new/code"
FORM = {
    "name": "قادمة المثال",
    "identity_number": "١٠٠٠٠٠٠٠٤٠",
    "phone": "٠٥٠٠٠٠٠٠٦٦",
    "city": "بريدة، حي المثال",
    "need": "سلة غذائية",
}
PHONE = "+966500000066"


@tagged("post_install", "-at_install", "without_demo")
class TestNewcomer(SigninCase):
    """R47: who is not known yet makes themselves known, and learns nothing."""

    def setUp(self):
        super().setUp()
        self.env["res.company"].search([]).beneficiary_newcomers = "closed"
        self.company.beneficiary_newcomers = "open"

    def _send(self, path=NEW, **changes):
        """Send the form, and return the page that follows and the code, if any."""
        self.texts.clear()
        response = self._fill(path, {**FORM, **changes}, NEW)
        self._run_codes()
        codes = [re.findall(r"\b\d{6}\b", text)[0] for _to, text, _by in self.texts]
        return response, codes[0] if codes else None

    def _run_newcomers(self):
        self.env.flush_all()
        self.env.ref("beneficiary_relations.ir_cron_newcomer").method_direct_trigger()
        self.env.invalidate_all()

    def _get_newest(self):
        return self.env[FILE].search([], order="id desc", limit=1)

    def _come(self, **changes):
        """Go through all pages, and return the last one's text."""
        _page, code = self._send(**changes)
        response = self._fill(CODE, {"code": code})
        self._run_newcomers()
        self.assertTrue(response.url.endswith("/my/new/done"), response.url)
        return response.text

    def test_comes(self):
        """R47, R44: the file is new, from the portal, and somebody's task."""
        self._come()
        self.assertEqual(self.texts[0][0], PHONE)
        self.assertEqual(self.texts[0][2], self.company)
        file = self._get_newest()
        self.assertRecordValues(
            file,
            [
                {
                    "name": FORM["name"],
                    "identity_number": "1000000040",
                    "identity_type": "national",
                    "phone": PHONE,
                    "city": FORM["city"],
                    "newcomer_need": FORM["need"],
                    "source": "portal",
                    "state": "new",
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(len(file.activity_ids), 1)
        self.assertFalse(file.portal_user_ids)
        self.assertFalse(self.env["beneficiary.newcomer"].search([]))

    def test_nothing_before_the_code(self):
        """R47: without the right code no file is made."""
        count = self.env[FILE].search_count([])
        _page, code = self._send()
        response = self._fill(CODE, {"code": "000000" if code != "000000" else "1"})
        self.assertIn("problem=code", response.url)
        self._run_newcomers()
        self.assertEqual(self.env[FILE].search_count([]), count)
        self._fill(CODE, {"code": code})
        self._run_newcomers()
        self.assertEqual(self.env[FILE].search_count([]), count + 1)

    def test_twice(self):
        """R44: the same form twice makes one file, and shows the first result."""
        count = self.env[FILE].search_count([])
        _page, code = self._send()
        for _time in range(2):
            page = self._open("/my/signin")
            (token,) = page.xpath("//form//input[@name='csrf_token']/@value")[:1]
            response = self.url_open(CODE, data={"csrf_token": token, "code": code})
            self.assertTrue(response.url.endswith("/my/new/done"))
        self._run_newcomers()
        self.assertEqual(self.env[FILE].search_count([]), count + 1)

    def test_known(self):
        """R47: a known number gets the same pages; its file stays as it is."""
        before = self.person.read(["name", "phone", "city", "state", "source"])
        unknown = self._come()
        self._forget_browser()
        count = self.env[FILE].search_count([])
        known = self._come(identity_number=IDENTITY)
        self.assertEqual(self._strip(known), self._strip(unknown))
        self.assertEqual(self.env[FILE].search_count([]), count)
        self.assertEqual(
            self.person.read(["name", "phone", "city", "state", "source"]), before
        )
        self.assertIn(FORM["name"], self.person.message_ids[:1].body)
        self.assertEqual(len(self.person.activity_ids), 1)

    def _strip(self, text):
        return re.sub(r'csrf_token: "[^"]*"', "", text)

    def test_known_elsewhere(self):
        """R47: a dependant's number, and an archived file's, are not told apart."""
        self.person.household_member_ids.create(
            {
                "beneficiary_id": self.person.id,
                "name": "تابعة المثال",
                "relation": "child",
                "identity_number": "1000000040",
            }
        )
        plain = self._strip(self._come(identity_number="1000000057"))
        self._forget_browser()
        self.assertEqual(self._strip(self._come()), plain)
        self.person.with_user(self.manager).action_archive()
        self._forget_browser()
        self.assertEqual(self._strip(self._come(identity_number=IDENTITY)), plain)

    def test_no_sign_in_before_the_check(self):
        """R47: until an officer has looked, a code does not tell known from unknown."""
        self.company.beneficiary_signin_opens_account = True
        self._come()
        file = self._get_newest()
        self._forget_browser()
        self.assertEqual(self._ask(FORM["phone"]), [])
        self.assertEqual(self._ask("1000000040"), [])
        file.with_user(self.officer).action_activate()
        self.assertEqual(len(self._ask(FORM["phone"])), 1)

    def test_mistakes(self):
        """R47: a mistake is said beside its question, and nothing typed is lost."""
        cases = (
            ("name", " "),
            ("name", "12"),
            ("identity_number", "1000000041"),
            ("identity_number", "x" * 90),
            ("phone", "0112345678"),
            ("phone", "+15005550006"),
            ("need", "ـــ"),
        )
        for name, value in cases:
            with self.subTest(name=name, value=value):
                response, code = self._send(**{name: value})
                self.assertIsNone(code)
                page = self._open(NEW)
                (field,) = select(page, f"[name={name}]")
                self.assertIn("is-invalid", field.get("class"))
                (other,) = select(page, "[name=city]")
                self.assertEqual(other.get("value"), FORM["city"])
        self.assertFalse(self.env["beneficiary.newcomer"].search([]))

    def test_closed(self):
        """R47: a closed association takes nobody, by page or by form."""
        page = self._open(NEW)
        (token,) = page.xpath("//form//input[@name='csrf_token']/@value")
        self.company.beneficiary_newcomers = "closed"
        for response in (
            self.url_open(NEW),
            self.url_open(NEW, data={"csrf_token": token, **FORM}),
        ):
            self.assertNotIn("identity_number", response.text)
            self.assertTrue(response.url.endswith(NEW))
            self.assertIn('href="/my/signin"', response.text)
        self.assertFalse(self.env["beneficiary.newcomer"].search([]))
        self.assertNotIn(NEW, self.url_open("/my/signin").text)

    def test_by_invitation(self):
        """R47: by invitation only the association's present link opens the form."""
        self.company.beneficiary_newcomers = "invited"
        settings = self.env["res.config.settings"].with_company(self.company)
        settings = settings.create({})
        link = settings.beneficiary_newcomer_link.partition("/my/")[2]
        self.assertNotIn("identity_number", self.url_open(NEW).text)
        self.assertNotIn("identity_number", self.url_open(f"{NEW}?invitation=x").text)
        count = self.env[FILE].search_count([])
        self._come(path=f"/my/{link}", invitation=link.partition("=")[2])
        self.assertEqual(self.env[FILE].search_count([]), count + 1)
        self._forget_browser()
        settings.action_new_newcomer_link()
        self.assertNotIn("identity_number", self.url_open(f"/my/{link}").text)
        for user in (self.officer, self.applicant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                call_kw(
                    settings.with_user(user),
                    "action_new_newcomer_link",
                    [settings.ids],
                    {},
                )

    def test_several_associations(self):
        """R43, R47: the visitor chooses among those that take newcomers."""
        self.other.beneficiary_newcomers = "open"
        response, code = self._send()
        self.assertIsNone(code, "none was chosen")
        response, code = self._send(company="999999999999999999999")
        self.assertIsNone(code)
        self._come(company=str(self.other.id))
        self.assertEqual(self._get_newest().company_id, self.other)

    def test_of_another_browser(self):
        """R47: a code confirms the form of its own browser, and opens no account."""
        _page, code = self._send()
        key = self.env["beneficiary.signin.code"].search([], limit=1)
        self.assertEqual(key.purpose, "number")
        self._forget_browser()
        self._send(phone="0500000077", identity_number="1000000057")
        response = self._fill(CODE, {"code": code})
        self.assertIn("problem=code", response.url)
