import re
import statistics
import time
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..request.common import select
from .common import EMAIL, FILE
from .signin_common import CODE, IDENTITY, PHONE, SIGNIN, SigninCase

CODES = "beneficiary.signin.code"
FORMS = (PHONE, "٠٥٠٠٠٠٠٠٠٧", "+966 50 000 0007", "00966500000007", IDENTITY)


@tagged("post_install", "-at_install", "without_demo")
class TestSigninCode(SigninCase):
    """R46: a person gets in with a number of theirs and a one-time code."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person.with_user(cls.officer).action_invite_to_portal("paper")
        cls.account = cls.person.portal_user_ids

    def test_comes_in(self):
        """R46, R44: by mobile or identity number, in any digits, without a password."""
        for number in FORMS:
            with self.subTest(number=number):
                self._forget_browser()
                (code,) = self._ask(number)
                self.assertEqual(self.texts[-1][0], "+966500000007")
                self.assertEqual(self.texts[-1][2], self.company)
                self.env[CODES].search([]).asked_on = fields.Datetime.now() - timedelta(
                    hours=2
                )
                response = self._type(f" {code[:3]} {code[3:]} ")
                self.assertEqual(response.url.partition("?")[0][-3:], "/my")
                self.assertEqual(self._who(), self.account)
        self.assertTrue(self.account.login_date)

    def test_target(self):
        """R46: the link of a message opens the page that it speaks of."""
        path = "/my/requests"
        page = self._open(f"/web/login?redirect={path}")
        (link,) = select(page, ".o_br_login_by_code a")
        self.assertIn("/my/signin?redirect=", link.get("href"))
        response = self._fill(
            link.get("href"), {"number": PHONE, "redirect": path}, SIGNIN
        )
        self._run_codes()
        code = re.findall(r"\d{6}", self.texts[-1][1])[0]
        response = self._type(code)
        self.assertTrue(response.url.endswith(path))

    def test_no_other_target(self):
        """R43: after signing in, the browser goes to no other site."""
        for target in ("https://example.com", "//example.com", "/my/../x//y", "/web"):
            with self.subTest(target=target):
                (field,) = select(
                    self._open(f"{SIGNIN}?redirect={target}"), "[name=redirect]"
                )
                self.assertEqual(field.get("value"), "/my")

    def test_by_email(self):
        """R46: without a mobile the code goes to the account's e-mail."""
        self.account.partner_id.write({"phone": False, "email": EMAIL})
        (code,) = self._ask(IDENTITY)
        self.assertEqual(self.letters[-1][0], EMAIL)
        self._type(code)
        self.assertEqual(self._who(), self.account)

    def test_goes_to_the_account(self):
        """R43: a new telephone in the file brings no code to that telephone."""
        self.person.with_user(self.officer).phone = "0500000033"
        for number in ("0500000033", IDENTITY, PHONE):
            with self.subTest(number=number):
                self._forget_browser()
                self.assertEqual(len(self._ask(number)), 1)
                self.assertEqual(self.texts[-1][0], "+966500000007")

    def test_guardian(self):
        """R33: a representative gets in with their own number."""
        agent = self._make_user("br_agent", None, self.company)
        agent.partner_id.phone = "+966500000044"
        self.person.representative_ids.create(
            {
                "beneficiary_id": self.person.id,
                "name": "ولية المثال",
                "phone": "0500000044",
                "user_id": agent.id,
            }
        )
        (code,) = self._ask("0500000044")
        self._type(code)
        self.assertEqual(self._who(), agent)
        self.person.representative_ids.write(
            {"date_from": "2020-01-01", "date_to": "2020-01-02"}
        )
        self._forget_browser()
        self.assertEqual(self._ask("0500000044"), [])

    def test_shared_telephone(self):
        """R46: a family's telephone gets a code for each account, and each its own."""
        sister = self.env[FILE].create(
            {"name": "أخت المثال", "phone": PHONE, "company_id": self.company.id}
        )
        sister.with_user(self.officer).action_invite_to_portal("paper")
        codes = self._ask()
        self.assertEqual(len(codes), 2)
        bodies = [text for _to, text, _by in self.texts[-2:]]
        (hers,) = [n for n, text in enumerate(bodies) if sister.file_number in text]
        self.assertIn(self.person.file_number, bodies[1 - hers])
        self._type(codes[hers])
        self.assertEqual(self._who(), sister.portal_user_ids)

    # -- who does not get in -----------------------------------------------------------

    def _get_refusals(self):
        """Yield (name, function that asks and returns the code that is typed)."""

        def expired():
            (code,) = self._ask()
            rows = self.env[CODES].search([("sent_on", "!=", False)])
            rows.sent_on = fields.Datetime.now() - timedelta(minutes=5, seconds=1)
            return code

        def used():
            (code,) = self._ask()
            rows = self.env[CODES].search([("sent_on", "!=", False)])
            rows.used_on = fields.Datetime.now()
            return code

        def locked():
            (code,) = self._ask()
            self.env[CODES].search([("sent_on", "!=", False)]).tries = 5
            return code

        def wrong():
            (code,) = self._ask()
            return f"{(int(code) + 1) % 10**6:06}"

        yield "unknown", lambda: (self._ask("0500000099"), "123456")[1]
        yield "unknown identity", lambda: (self._ask("1000000032"), "123456")[1]
        yield "wrong", wrong
        yield "empty", lambda: (self._ask(), "x")[1]
        yield "expired", expired
        yield "used", used
        yield "locked", locked

    def test_one_answer(self):
        """R46: every refusal is the same page, in the same time.

        The time differs less between the refusals than between ten tries of one.
        """
        pages, medians, noise = {}, {}, []
        for name, ask in self._get_refusals():
            self._forget_browser()
            self.env[CODES].search([]).unlink()
            code = ask()
            spent = []
            page = self._open(CODE)
            (token,) = page.xpath("//form//input[@name='csrf_token']/@value")
            for _number in range(10):
                start = time.process_time()
                response = self.url_open(
                    CODE,
                    data={"csrf_token": token, "code": code},
                    allow_redirects=False,
                )
                spent.append(time.process_time() - start)
            medians[name] = statistics.median(spent)
            noise.append(max(spent) - min(spent))
            text = self.url_open(response.headers["Location"]).text
            for number in ("0500000099", "1000000032", PHONE):
                text = text.replace(number, "N")
            text = re.sub(r'csrf_token[^>]*value="[^"]*"|csrf_token: "[^"]*"', "", text)
            pages[name] = (response.status_code, response.headers["Location"], text)
            self.assertFalse(self._who(), name)
        self.assertEqual(len(set(pages.values())), 1, pages.keys())
        self.assertIn("o_br_problem", text)
        spread = max(medians.values()) - min(medians.values())
        self.assertLess(spread, max(noise), medians)

    def test_same_work(self):
        """R46: asking and trying cost the same queries for every number."""
        counts = {}
        for number in (PHONE, IDENTITY, "0500000099", "1000000032"):
            codes = self.env[CODES].sudo()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            key = codes._ask(codes._read_number(number), "198.51.100.7")
            self.env.flush_all()
            asked = self.cr.sql_log_count - before
            self._run_codes()
            before = self.cr.sql_log_count
            self.assertEqual(codes._get_login(key, "000000"), "")
            self.env.flush_all()
            counts[number] = (asked, self.cr.sql_log_count - before)
        asked = {count[0] for count in list(counts.values())[1:]}
        tried = {count[1] for count in list(counts.values())[1:]}
        self.assertEqual((len(asked), len(tried)), (1, 1), counts)

    def test_brute_force(self):
        """R46: a thousand guesses from many browsers get nowhere."""
        codes = self.env[CODES].sudo()
        number = codes._read_number(PHONE)
        keys = [codes._ask(number, f"198.51.100.{host}") for host in range(20)]
        self.assertEqual(len([key for key in keys if key]), 5, "per number")
        self._run_codes()
        sent = {text[1] for text in self.texts}
        right = [re.findall(r"\d{6}", text)[0] for text in sent]
        guesses = [guess for guess in range(1000) if f"{guess:06}" not in right]
        for number, guess in enumerate(guesses):
            self.assertEqual(codes._get_login(keys[number % 5], f"{guess:06}"), "")
        for key in keys[:5]:
            for code in right:
                self.assertEqual(codes._get_login(key, code), "", "locked")

    def test_limits(self):
        """R46: no more codes than the limits, for known and unknown numbers alike."""
        for number in (PHONE, "0500000099"):
            with self.subTest(number=number):
                self._forget_browser()
                for _time in range(5):
                    self._ask(number)
                response = self._fill(SIGNIN, {"number": number})
                self.assertIn("problem=often", response.url)
        self.assertEqual(len(self.texts), 5)
        codes = self.env[CODES].sudo()
        keys = [codes._ask(f"+96655000{n:04}", "203.0.113.9") for n in range(35)]
        self.assertEqual(len([key for key in keys if key]), 30, "per address")
        self.patch(type(codes), "_is_association_busy", lambda codes, company: True)
        self.env[CODES].search([]).unlink()
        self.assertEqual(self._ask(), [])

    def test_of_another_browser(self):
        """R43: a code opens only the browser that asked for it."""
        (code,) = self._ask()
        self._forget_browser()
        self._ask("0500000099")
        self._type(code)
        self.assertFalse(self._who())

    def test_of_another_person(self):
        """R43: a code is useless for another person, and for a colleague."""
        codes = self.env[CODES].sudo()
        key = codes._ask(codes._read_number(PHONE), "198.51.100.7")
        self._run_codes()
        code = re.findall(r"\d{6}", self.texts[-1][1])[0]
        credential = {"type": "beneficiary_code", "key": key, "code": code}
        for user in (self.neighbour, self.officer, self.env.ref("base.user_admin")):
            with self.subTest(user=user.login), self.assertRaises(AccessDenied):
                user.with_user(user)._check_credentials(
                    dict(credential), {"interactive": True}
                )
        self.account.with_user(self.account)._check_credentials(
            dict(credential), {"interactive": True}
        )
        with self.assertRaises(AccessDenied):  # used
            self.account.with_user(self.account)._check_credentials(
                dict(credential), {"interactive": True}
            )

    def test_internal_user(self):
        """R43: staff never get a code, not even for a file that they follow."""
        self.member.partner_id.phone = "+966500000055"
        self.neighbour_file.with_user(self.manager).write(
            {"portal_user_ids": [(6, 0, self.member.ids)], "phone": "0500000055"}
        )
        self.assertEqual(self._ask("0500000055"), [])

    def test_taken_away(self):
        """R43: a code that left does not open an account that was taken away since."""
        (code,) = self._ask()
        self.person.with_user(self.officer).action_take_away_portal_access()
        self._type(code)
        self.assertFalse(self._who())
        self.company.beneficiary_signin_opens_account = True
        self.env[CODES].search([]).unlink()
        self._forget_browser()
        self.assertEqual(self._ask(), [], "it needs an invitation")
        self.person.with_user(self.officer).action_invite_to_portal("paper")
        self.assertEqual(len(self._ask()), 1)

    def test_other_association(self):
        """R43: each association decides, and its codes open its own account."""
        there = self.env[FILE].create(
            {
                "name": "شخص المثال",
                "phone": PHONE,
                "identity_number": IDENTITY,
                "company_id": self.other.id,
            }
        )
        account = there._open_account()
        codes = self._ask()
        self.assertEqual({text[2] for text in self.texts}, {self.company, self.other})
        self.assertEqual(len(codes), 2)
        by = {
            company: number for number, (_to, _text, company) in enumerate(self.texts)
        }
        self._type(codes[by[self.other]])
        self.assertEqual(self._who(), account)
        files = self.env[FILE].with_user(account)
        self.assertEqual(files._get_portal_files(), there)
        self.other.beneficiary_signin_by_code = False
        self._forget_browser()
        self.texts.clear()
        self.assertEqual(len(self._ask()), 1)
        self.assertEqual(self.texts[0][2], self.company)

    def test_dead_and_archived(self):
        """R43: no code for a file that is archived or whose person has died."""
        self.person.active = False
        self.assertEqual(self._ask(), [])
        self.person.active = True
        self.person.with_context({}).sudo()._write_flow({"state": "deceased"})
        self.assertEqual(self._ask(), [])

    def test_off(self):
        """R46: where no association has it, the pages lead to Odoo's own."""
        self.env["res.company"].search([]).beneficiary_signin_by_code = False
        response = self.url_open(SIGNIN)
        self.assertIn("/web/login", response.url)
        self.assertNotIn("o_br_login_by_code", response.text)

    # -- the first code ----------------------------------------------------------------

    def test_first_code(self):
        """R46: if the association allows it, the first code opens the account."""
        self.neighbour_file.portal_user_ids = False
        self.neighbour_file.is_portal_closed = False
        number = "0500000002"
        self.assertEqual(self._ask(number), [])
        self.company.beneficiary_signin_opens_account = True
        (code,) = self._ask(number)
        self._type("000000" if code != "000000" else "000001")
        self.assertFalse(self.neighbour_file.portal_user_ids, "only the right code")
        self._type(code)
        account = self.neighbour_file.portal_user_ids
        self.assertEqual(self._who(), account)
        self.assertTrue(account._is_portal())
        self.assertFalse(account.email)
        self.assertEqual(account.company_ids, self.company)

    # -- codes stand nowhere -----------------------------------------------------------

    def test_kept_nowhere(self):
        """R46: a code stands in no log, message, queue or row."""
        with self.assertLogs(level="DEBUG") as logs:
            (code,) = self._ask()
            self.account.partner_id.write({"phone": False, "email": EMAIL})
            self.env[CODES].search([]).unlink()
            (second,) = self._ask(IDENTITY)
            self._type(second)
        self.assertEqual(self._who(), self.account)
        for secret in (code, second):
            said = [line for line in logs.output if re.search(rf"\b{secret}\b", line)]
            self.assertFalse([line for line in said if "odoo.sql_db" not in line])
            for model, field in (
                ("mail.message", "body"),
                ("mail.mail", "body_html"),
                ("sms.sms", "body"),
            ):
                self.assertFalse(
                    self.env[model].sudo().search([(field, "ilike", secret)])
                )
        self.env.flush_all()
        self.cr.execute("SELECT row_to_json(c)::text FROM beneficiary_signin_code c")
        rows = " ".join(row for (row,) in self.cr.fetchall())
        for secret in (code, second, "500000007", IDENTITY):
            self.assertNotIn(f'"{secret}', rows)

    def test_nobody_reads_codes(self):
        """R43: no role reads, writes or calls the codes."""
        self._ask()
        row = self.env[CODES].search([], limit=1)
        for user in (self.manager, self.officer, self.account, self.auditor):
            for method, args in (
                ("search_read", [[]]),
                ("read", [row.ids]),
                ("write", [row.ids, {"tries": 0}]),
                ("create", [{"purpose": "signin"}]),
                ("unlink", [row.ids]),
            ):
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRaises(AccessError),
                ):
                    call_kw(self.env[CODES].with_user(user), method, args, {})

    def test_crossed_wires(self):
        """R46: other ways to Odoo's login take no such credential, and do not fail."""
        response = self._fill(
            "/web/login",
            {"login": PHONE, "password": "123456", "type": "beneficiary_code"},
        )
        self.assertEqual(response.status_code, 200)
        self.assertFalse(self._who())

    def test_pages(self):
        """R46: the pages are Arabic at first; each address leads on by GET."""
        page = self._open(CODE)
        self.assertTrue(select(page, "[name=number]"), "no code was asked for")
        self.assertEqual(self.opener.cookies.get("frontend_lang"), "ar_001")
        (field,) = select(page, "[name=number]")
        self.assertEqual(field.get("inputmode"), "numeric")
        for bad in ("", "abc", "x" * 5000):
            response = self._fill(SIGNIN, {"number": bad})
            self.assertIn("problem=number", response.url)
            self.assertIn("o_br_problem", response.text)

    def test_hostile_input(self):
        """R43: whatever is typed, a page answers, and nothing else happens."""
        probes = (
            "<script>alert(1)</script>7",
            "1' OR '1'='1",
            "\0007",
            "٠" * 39,
            "%",
            "_" * 10 + "1",
            "1e400",
            "\u202e0500000007x",
        )
        for probe in probes:
            with self.subTest(probe=probe):
                self._forget_browser()
                self.env[CODES].search([]).unlink()
                response = self._fill(SIGNIN, {"number": probe})
                self.assertEqual(response.status_code, 200)
                self.assertNotIn("<script>alert", response.text)
                self._run_codes()
                if response.url.endswith(CODE):
                    self.assertEqual(self._type(probe).status_code, 200)
                self.assertFalse(self._who())
        self.assertFalse(self.texts)
        token = self._open(SIGNIN).xpath("//form//input[@name='csrf_token']/@value")[0]
        for path in (SIGNIN, CODE, "/my/new", "/my/new/code"):
            response = self.url_open(
                path,
                data={"csrf_token": token, "redirect": "/my"},
                files={"number": ("x", b"x"), "code": ("x", b"x"), "name": ("x", b"x")},
            )
            self.assertEqual(response.status_code, 200, path)

    def test_late_scheduler(self):
        """R46: a code is not sent long after it was asked for."""
        self._fill(SIGNIN, {"number": PHONE})
        with freeze_time(fields.Datetime.now() + timedelta(minutes=6)):
            self._run_codes()
        self.assertFalse(self.texts)
        self.assertFalse(self.env[CODES].search([("typed", "!=", False)]))


@tagged("post_install", "-at_install", "without_demo")
class TestInviteByCode(SigninCase):
    """R46: a person without an e-mail is invited by text or on paper."""

    def setUp(self):
        super().setUp()
        self.person.email = False

    def test_by_text(self):
        """R46: the form chooses the text by itself; the text leads to the sign-in."""
        action = self._call(self.officer, "action_grant_portal_access")
        wizards = self.env[action["res_model"]].with_user(self.officer)
        wizard = wizards.with_context(action["context"]).create({})
        self.assertEqual(wizard.way, "sms")
        self._call(self.officer, "action_invite", wizard)
        ((number, text, company),) = self.texts
        self.assertEqual((number, company), ("+966500000007", self.company))
        self.assertIn(SIGNIN, text)
        account = self.person.portal_user_ids
        self.assertTrue(account._is_portal())
        self.assertFalse(account.email)
        (code,) = self._ask()
        self._type(code)
        self.assertEqual(self._who(), account)
        self._call(self.delegate, "action_invite_to_portal", None, "sms")
        self.assertEqual(self.person.portal_user_ids, account)

    def test_each(self):
        """R46: the button on many files invites those without an e-mail by text."""
        self._call(self.officer, "action_invite_each")
        self.assertEqual(len(self.texts), 1)
        self.assertTrue(self.person.portal_user_ids)

    def test_paper(self):
        """R46, R9: the printed request form carries a square that leads there."""
        self._call(self.officer, "action_invite_to_portal", None, "paper")
        self.assertFalse(self.texts)
        request = self._make_request("submitted", beneficiary_id=self.person.id)
        report = (
            self.env["ir.actions.report"]
            ._render_qweb_html("beneficiary_relations.request_report", request.ids)[0]
            .decode()
        )
        self.assertIn("o_br_signin_square", report)
        self.assertIn("data:image/png;base64,", report)
        self.company.beneficiary_signin_by_code = False
        report = (
            self.env["ir.actions.report"]
            ._render_qweb_html("beneficiary_relations.request_report", request.ids)[0]
            .decode()
        )
        self.assertNotIn("o_br_signin_square", report)

    def test_refusals(self):
        """R46: a refusal says what to do, and makes no account."""
        self.person.phone = "0112345678"
        cases = (
            ("sms", "mobile number first"),
            ("paper", "mobile number first"),
            ("email", "e-mail or mobile number first"),
            ("pigeon", "Choose e-mail"),
        )
        for way, words in cases:
            with self.subTest(way=way), self.assertRaisesRegex(UserError, words):
                self._call(self.officer, "action_invite_to_portal", None, way)
        self.person.phone = PHONE
        self.answer = "server_error"
        with self.assertRaisesRegex(UserError, "could not be sent"):
            self._call(self.officer, "action_invite_to_portal", None, "sms")
        self.company.beneficiary_signin_by_code = False
        with self.assertRaisesRegex(UserError, "no sign-in by code"):
            self._call(self.officer, "action_invite_to_portal", None, "sms")
        self.assertFalse(self.texts[1:])

    def test_who_may_not(self):
        """R43: nobody else invites by these ways."""
        for user in (self.researcher, self.member, self.auditor, self.stranger):
            for way in ("sms", "paper"):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    self._call(user, "action_invite_to_portal", None, way)

    def test_moves_by_telephone(self):
        """R43: a manager moves an account without an e-mail to a new telephone."""
        self._call(self.officer, "action_invite_to_portal", None, "paper")
        account, login = self.person.portal_user_ids, self.person.portal_user_ids.login
        self.person.phone = "0500000033"
        self._call(self.manager, "action_move_account")
        self.assertEqual(account.phone, "+966500000033")
        self.assertEqual(account.login, login)
        self.assertEqual(len(self._ask("0500000033")), 1)
        self.assertEqual(self.texts[-1][0], "+966500000033")


@tagged("post_install", "-at_install", "without_demo")
class TestInviteRepresentative(SigninCase):
    """R33, R46: a guardian is let in by a code, like the person."""

    def setUp(self):
        super().setUp()
        self.line = self.person.representative_ids.create(
            {
                "beneficiary_id": self.person.id,
                "name": "ولية المثال",
                "identity_number": "1000000040",
                "phone": "0500000044",
            }
        )

    def test_comes_in(self):
        """R46: officer and delegate invite; the guardian sees the ward's file."""
        for user in (self.officer, self.delegate):
            self._call(user, "action_invite_to_portal", self.line)
        account = self.line.user_id
        self.assertEqual(
            [text[0] for text in self.texts], ["+966500000044", "+966500000044"]
        )
        self.assertTrue(account.partner_id.is_beneficiary_contact)
        (code,) = self._ask("1000000040")
        self._type(code)
        self.assertEqual(self._who(), account)
        files = self.env[FILE].with_user(account)
        self.assertEqual(files._get_portal_files(), self.person)

    def test_two_wards(self):
        """R46: one guardian of two files has one account."""
        other = self.line.copy(
            {
                "beneficiary_id": self.neighbour_file.id,
                "identity_number": "1000000040",
                "phone": "0500000044",
            }
        )
        for line in self.line | other:
            self._call(self.officer, "action_invite_to_portal", line)
        self.assertEqual(self.line.user_id, other.user_id)
        self.assertEqual(len(self._ask("0500000044")), 1)

    def test_refusals(self):
        """R46, R43: a refusal says what to do, and makes no account."""
        with self.assertRaisesRegex(UserError, "mobile number first"):
            self.line.phone = False
            self._call(self.officer, "action_invite_to_portal", self.line)
        with self.assertRaisesRegex(UserError, "not in effect"):
            self.line.scope = "receipt"
            self._call(self.officer, "action_invite_to_portal", self.line)
        for user in (self.researcher, self.member, self.auditor, self.outsider):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._call(user, "action_invite_to_portal", self.line)
        self.assertFalse(self.line.user_id)
        self.assertFalse(self.texts)
