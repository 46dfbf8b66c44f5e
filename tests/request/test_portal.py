import base64
import re
from unittest.mock import patch

from lxml import html

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ...controllers.portal_form import parse_amount
from ...rules.upload import MAX_FILE_MB
from ..common import PIXEL
from .common import PortalCase, select

HTML_PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
# Where a link to somebody else's request leads, as one to a request that is none.
LED_AWAY = r"/my(/home|/file/elsewhere)?$"


@tagged("post_install", "-at_install", "without_demo")
class TestPortalPages(PortalCase):
    """What the applicant sees and does on the portal."""

    def test_amounts(self):
        """R44: amounts are read in any script; invalid text is not taken as empty."""
        for text, amount in (
            ("1500", 1500),
            ("١٥٠٠", 1500),
            ("۱۵۰۰", 1500),
            ("١٬٥٠٠٫٥", 1500.5),
            ("1,500.25", 1500.25),
            (" 1 500 ", 1500),
            ("\N{RIGHT-TO-LEFT MARK}٥٠٠", 500),
            ("", 0),
            ("abc", None),
            ("-5", None),
            ("1e9", None),
            ("nan", None),
            ("1,5,0", None),
            ("1.234", None),
            ("9999999999", None),
        ):
            with self.subTest(text=text):
                self.assertEqual(parse_amount(text), amount)

    def test_home(self):
        """R26: the home page links to the requests of a person with a file.

        The link is there even before the first request.
        """
        card = "a.o_br_section[href=/my/requests]"
        (shown,) = select(self._get("/my"), card)
        self.assertNotIn("(", shown.text_content())
        self._make_request()
        (shown,) = select(self._get("/my"), card)
        self.assertIn("(1)", shown.text_content())
        self._sign_in(self._make_user("br_customer", None, self.company))
        self.assertFalse(select(self._get("/my"), card))

    def test_language(self):
        """R33: pages are in the language of the account, or in one chosen since."""
        self.applicant.lang = "ar_001"
        self.logout()
        self.opener.cookies.set("frontend_lang", "en_US")
        self._get("/web/login")
        login = self.applicant.login
        self._post("/web/login", {"login": login, "password": login})
        self.assertTrue(select(self._get("/my/requests"), "div.o_rtl"))
        self.assertFalse(select(self._get("/en/my/requests"), "div.o_rtl"))
        self.assertFalse(select(self._get("/my/requests"), "div.o_rtl"))

    def test_empty_list(self):
        """R33: an empty list shows one button, for the first request."""
        page = self._get("/my/requests")
        self.assertEqual(len(select(page, ".o_br_empty a.o_br_new")), 1)
        self.assertFalse(select(page, ".o_br_requests"))

    def test_list(self):
        """R26: the newest request comes first; the search takes any script's digits."""
        requests = self._make_request() | self._make_request("submitted")
        numbers = self._get_listed("/my/requests")
        self.assertEqual(numbers, requests[::-1].mapped("name"))
        self.assertEqual(
            self._get_listed("/my/requests?sortby=oldest"), requests.mapped("name")
        )
        arabic = (
            requests[0].name[-5:].translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        )
        self.assertEqual(
            self._get_listed(f"/my/requests?search={arabic}"), [requests[0].name]
        )
        self.assertEqual(
            self._get_listed("/my/requests?filterby=draft"), [requests[0].name]
        )
        # Unknown options are ignored.
        self.assertEqual(
            self._get_listed("/my/requests?sortby=write_date&filterby=x&page=9"),
            numbers,
        )

    def _get_listed(self, path):
        page = self._get(path)
        return [item.text for item in select(page, ".o_br_requests bdi")]

    def test_list_pages(self):
        """Safety: the list is paginated, and costs as much for 2N requests as for N."""
        costs = []
        for _twice in range(2):
            for _request in range(5):
                self._make_request()
            self._get("/my/requests")  # fill the caches
            before = self.cr.sql_log_count
            self._get("/my/requests")
            costs.append(self.cr.sql_log_count - before)
        self.assertEqual(*costs)
        self.assertLess(costs[0], 40)
        with patch("odoo.addons.beneficiary_relations.controllers.portal"
                   ".REQUESTS_PER_PAGE", 4):  # fmt: skip
            first = self._get_listed("/my/requests")
            last = self._get_listed("/my/requests/page/3")
        self.assertEqual((len(first), len(last)), (4, 2))

    def test_pages_are_read_only(self):
        """Safety: pages work on a read-only replica, without a second try."""
        request = self._make_request()
        sent = self._make_request("in_review")
        with self.assertNoLogs("odoo.http", "WARNING"):
            for path in (
                "/my/requests",
                "/my/requests/new",
                f"/my/requests/{request.id}",
                f"/my/requests/{request.id}/edit",
                *(
                    f"/my/requests/{request.id}/edit/{step}"
                    for step in ("need", "papers", "check")
                ),
                f"/my/requests/{sent.id}",
            ):
                self._get(path)

    def test_create_and_send(self):
        """R7, R33: a request is made and sent on the portal, by the website channel."""
        response = self._post_form(
            {
                "description": "سلة لأربعة",
                "amount_requested": "١٬٥٠٠",
                "action": "send",
            },
            files=self._upload("identity.png", base64.b64decode(PIXEL)),
        )
        request = self._get_latest()
        self.assertTrue(response.url.endswith(f"/my/requests/{request.id}?done=sent"))
        self.assertEqual(request.state, "submitted")
        self.assertEqual(request.amount_requested, 1500)
        self.assertEqual(request.channel_id, self._channel("website"))
        self.assertEqual(request.step_ids.doer_id, self.applicant)
        self.assertEqual(request.document_ids.type_id, self.identity_type)
        page = html.fromstring(response.content)
        self.assertTrue(select(page, ".o_br_done"))
        self.assertEqual(select(page, ".o_br_status")[0].get("data-state"), "submitted")
        self.assertEqual(
            [step.get("data-step") for step in select(page, ".o_br_step_done")],
            ["receive"],
        )
        self.assertFalse(select(page, ".o_br_missing"))

    def test_drafts(self):
        """R33: a draft can be changed and sent later; then it cannot be changed."""
        self._post_form({"description": "", "action": "save"})
        request = self._get_latest()
        self.assertEqual(request.state, "draft")
        page = self._get(f"/my/requests/{request.id}")
        self.assertTrue(select(page, "a.o_br_edit"))
        self.assertTrue(select(page, ".o_br_missing li"))
        edit = f"/my/requests/{request.id}/edit"
        self._post(edit, {"description": "سلة", "amount_requested": "٥٠٠"})
        self.assertEqual(request.description, "سلة")
        (amount,) = select(self._get(f"{edit}/need"), "[name=amount_requested]")
        self.assertEqual(amount.get("value"), "500")
        self._post(edit, {"description": "سلة غذائية", "action": "send"})
        self.assertEqual(request.state, "submitted")
        self._post(edit, {"description": "شيء آخر", "action": "save"})
        self.assertEqual(request.description, "سلة غذائية")
        self.assertTrue(self.url_open(edit).url.endswith(f"/my/requests/{request.id}"))

    def test_bad_input_is_kept(self):
        """R33: a form with mistakes keeps all input; each mistake has its message."""
        response = self._post_form(
            {"description": "سلة <b>", "amount_requested": "كثير", "action": "send"}
        )
        page = html.fromstring(response.content)
        self._assert_invalid(page, "amount_requested")
        (amount,) = select(page, "[name=amount_requested]")
        self.assertEqual(amount.get("value"), "كثير")
        (words,) = select(page, "[name=description]")
        self.assertEqual(words.text, "سلة <b>")
        draft = self._get_latest()
        self.assertEqual((draft.state, draft.description), ("draft", "سلة <b>"))
        response = self._post(
            f"/my/requests/{draft.id}/edit", {"description": "", "action": "send"}
        )
        self._assert_invalid(html.fromstring(response.content), "description")
        self.assertEqual(draft.state, "draft")

    def test_forms_are_labelled(self):
        """R33: every control has a label, and numbers open the number pad."""
        edit = f"/my/requests/{self._make_request().id}/edit"
        for step in ("papers", "check", "need"):
            page = self._get(f"{edit}/{step}")
            for control in page.xpath("//main//form//*[self::input or self::textarea]"):
                if control.get("type") != "hidden" and not control.get("aria-label"):
                    self.assertTrue(select(page, f"label[for={control.get('id')}]"))
        (amount,) = select(page, "[name=amount_requested]")
        self.assertEqual(
            (amount.get("type"), amount.get("inputmode")), ("text", "numeric")
        )

    def test_form_sent_twice(self):
        """R33: a form that arrives twice makes one request, and shows its page."""
        requests = self.env["beneficiary.request"]
        for action in ("send", "save"):
            (field,) = select(self._get("/my/requests/new"), "[name=submission_key]")
            form = {
                "description": "سلة",
                "action": action,
                "submission_key": field.get("value"),
            }
            before = requests.search_count([])
            pages = [self._post_form(form).url.partition("?")[0] for _time in range(2)]
            self.assertEqual(*pages)
            self.assertEqual(requests.search_count([]), before + 1)
        # Saved first and then sent from the same page: one request, which is sent.
        self._post_form({**form, "action": "send"})
        self.assertEqual(requests.search_count([]), before + 1)
        self.assertEqual(self._get_latest().state, "submitted")

    def test_form_key_of_somebody_else(self):
        """R43: the key of somebody else's form leads nowhere."""
        form = {"description": "سلة", "action": "send", "submission_key": "one-key"}
        self._post_form(form)
        first = self._get_latest()
        self._sign_in(self.neighbour)
        self._post_form({**form, "file_id": self.neighbour_file.id})
        second = self._get_latest()
        self.assertNotEqual(first, second)
        self.assertEqual(second.beneficiary_id, self.neighbour_file)

    def test_choose(self):
        """R45: if there are several services, the applicant first chooses one."""
        other_service = self.service.copy({"name": "Water"})
        self.service.copy({"name": "Hidden", "portal_published": False})
        page = self._get("/my/requests/new")
        self.assertEqual(len(select(page, "button.o_br_begin")), 2)
        page = self._get(
            f"/my/requests/new?file_id={self.file.id}&service_id={other_service.id}"
        )
        (service,) = select(page, "[name=service_id]")
        self.assertEqual(service.get("value"), str(other_service.id))

    def test_guardian_of_two(self):
        """R33: a user with two files chooses the file of the request."""
        second = self._make_file(
            self.company, self.applicant, identity_number="1000000024"
        )
        self.assertEqual(
            len(select(self._get("/my/requests/new"), "button.o_br_begin")), 2
        )
        self._post_form({"file_id": second.id, "description": "ماء", "action": "send"})
        self.assertEqual(self._get_latest().beneficiary_id, second)

    def test_suspended_file(self):
        """R12: a suspended file cannot make or send a request, and the page says so."""
        draft = self._make_request()
        self.file.state = "suspended"
        page = self._get("/my/requests/new")
        self.assertTrue(select(page, ".o_br_problem"))
        self.assertFalse(select(page, "button.o_br_begin"))
        self._post_form({"description": "سلة", "action": "send"})
        self.assertEqual(self._get_latest(), draft)
        response = self._post(
            f"/my/requests/{draft.id}/edit", {"description": "سلة", "action": "send"}
        )
        page = html.fromstring(response.content)
        self.assertTrue(select(page, ".o_br_errors"))
        self.assertEqual(draft.state, "draft")

    def test_no_portal_channel(self):
        """R4, R7: if the policy has no website channel, the portal takes no request."""
        draft = self.company._get_beneficiary_policy().copy()
        draft.channel_line_ids.filtered("channel_id.is_portal").unlink()
        draft.action_put_in_force()
        self.assertTrue(select(self._get("/my/requests/new"), ".o_br_problem"))

    def test_return_for_completion(self):
        """R12, R26: the applicant reads what is asked, and adds the paper."""
        request = self._make_request("submitted")
        request.with_user(self.officer).action_return(reason="اكتب عدد الأسرة")
        page = self._get(f"/my/requests/{request.id}")
        self.assertIn("اكتب عدد الأسرة", select(page, ".o_br_note")[0].text_content())
        self._advance(request, "submitted")
        page = self._get(f"/my/requests/{request.id}")
        self.assertTrue(select(page, ".o_br_missing li"))
        papers = f"/my/requests/{request.id}/papers"
        self._post(papers, files=self._upload("card.png", base64.b64decode(PIXEL)))
        self.assertTrue(request.document_ids.file)
        page = self._get(f"/my/requests/{request.id}")
        self.assertFalse(select(page, ".o_br_missing"))

    def test_sign(self):
        """R16: the applicant reads the declaration and signs it, once."""
        request = self._make_request("verified")
        page = self._get(f"/my/requests/{request.id}")
        self.assertIn(
            request.policy_id.declaration_text,
            select(page, ".o_br_declaration")[0].text_content(),
        )
        self.assertIn("error", self._sign(request, signature=None))
        self.assertIn("error", self._sign(request, name=" "))
        self.assertIn("error", self._sign(request, signature="zzz"))
        self.assertIn("error", self._sign(request, signature={"a": 1}))
        self.assertEqual(request.state, "verified")
        self.assertTrue(self._sign(request)["force_refresh"])
        self.assertEqual(request.state, "declared")
        self.assertEqual(request.declaration_signed_by, "سالم المثال")
        self.assertEqual(request._get_steps("declare").doer_id, self.applicant)
        first = request.declaration_id
        self.assertTrue(self._sign(request)["force_refresh"])  # the call comes twice
        self.assertEqual(request.declaration_id, first)
        page = self._get(f"/my/requests/{request.id}")
        self.assertFalse(select(page, ".o_br_declaration"))

    def test_place_is_not_asked_to_sign(self):
        """R32: a place is not asked to sign."""
        self.file.write({"kind": "place", "identity_number": False})
        request = self._make_request("verified")
        page = self._get(f"/my/requests/{request.id}")
        self.assertFalse(select(page, ".o_br_declaration"))
        self.assertIn("error", self._sign(request))

    def test_withdraw(self):
        """R26: a withdrawal needs a reason and a confirmation."""
        request = self._make_request("in_review")
        path = f"/my/requests/{request.id}/withdraw"
        page = html.fromstring(self._post(path, {"confirmed": "1"}).content)
        self._assert_invalid(page, "reason")
        page = html.fromstring(self._post(path, {"reason": "سافرت"}).content)
        self._assert_invalid(page, "confirmed")
        self.assertTrue(select(page, "form div.o_br_say"))
        self.assertEqual(select(page, "[name=reason]")[0].text, "سافرت")
        self.assertEqual(request.state, "in_review")
        self._post(path, {"reason": "سافرت", "confirmed": "1"})
        self.assertEqual(request.state, "cancelled")
        page = self._get(f"/my/requests/{request.id}")
        self.assertFalse(select(page, ".o_br_withdraw"))
        response = self._post(path, {"reason": "ثانية", "confirmed": "1"})
        self.assertEqual(request.note_to_applicant, "سافرت")
        self.assertEqual(response.status_code, 200)

    def test_reply(self):
        """R20, R23: after the release the page shows outcome, reason and amount."""
        accepted = self._make_request("accepted")
        rejected = self._make_request("rejected")
        for request, outcome in ((accepted, "accepted"), (rejected, "rejected")):
            page = self._get(f"/my/requests/{request.id}")
            (reply,) = select(page, ".o_br_reply")
            self.assertTrue(select(reply, f"[data-outcome={outcome}]"))
            self.assertIn("As studied", reply.text_content())
            self.assertEqual("500" in reply.text_content(), outcome == "accepted")
            self.assertFalse(select(page, ".o_br_review"))
        # The page of a rejected request announces no later steps.
        self.assertFalse(select(page, ".o_br_step_later"))

    def test_review_period(self):
        """R21, R38: the page gives the day before which no reply comes.

        The day is written in both calendars.
        """
        request = self._make_request("in_review")
        moment = request.review_floor_on.replace(year=2026, month=3, day=29, hour=7)
        request._write_flow({"review_floor_on": moment})
        request.flush_recordset()
        (review,) = select(self._get(f"/my/requests/{request.id}"), ".o_br_review")
        self.assertIn("2026", review.text_content())
        self.assertIn("1447/10/10", review.text_content())
        self.assertIn(request.policy_id.notice_text, review.text_content())

    def test_review_period_of_policy(self):
        """R3, R21: the words follow the period in the policy, without code."""
        texts = set()
        for mode, unit in (
            ("window", "calendar"),
            ("floor", "working"),
            ("deadline", "calendar"),
            ("deadline", "working"),
        ):
            draft = self.company._get_beneficiary_policy().copy(
                {
                    "review_mode": mode,
                    "review_unit": unit,
                    "review_days": 30,
                    "notice_text": False,
                }
            )
            draft.action_put_in_force()
            request = self._make_request()
            text = request._portal_get_review_text()
            self.assertIn("30", text)
            texts.add(text)
            self._advance(request, "in_review")
            texts.add(request._portal_get_review_text())
        self.assertEqual(len(texts), 8)  # two for each policy

    def test_wording(self):
        """R2: an association of members speaks of members and of service requests."""
        member = self._make_user("br_shareholder", None, self.other)
        self._make_file(self.other, member, kind="member")
        self._offer_elsewhere()
        policies = {
            member: self.other._get_beneficiary_policy(),
            self.applicant: self.company._get_beneficiary_policy(),
        }
        titles, headings = set(), set()
        for user, policy in policies.items():
            self._sign_in(user)
            self._post("/my/requests/new", {"description": "x", "action": "next"})
            edit = f"/my/requests/{self._get_latest(policy.company_id).id}/edit"
            page = self._get(f"{edit}/need")
            title = select(page, "main h1")[0].text_content()
            worded = policy.with_context(lang=user.lang)._get_form_title()
            self.assertEqual(title, worded)
            titles.add(title)
            self._post(edit, {"action": "send"})
            request = self._get_latest(policy.company_id)
            page = request.with_context(lang=user.lang)._portal_get_page()
            headings.add((page["title"], page["person_label"]))
        self.assertEqual(request.beneficiary_id, self.file)
        self.assertEqual((len(titles), len(headings)), (2, 2))

    def test_own_papers(self):
        """R33: applicants download their own papers, as a file and never as a page."""
        request = self._make_request("submitted")
        self._post(
            f"/my/requests/{request.id}/papers",
            files=self._upload("my card.html", base64.b64decode(PIXEL)),
        )
        document = request.document_ids
        self.assertEqual(document.file_name, "my card.png")
        page = self._get(f"/my/requests/{request.id}")
        link = select(page, "a.o_br_download")[0]
        with self.assertNoLogs("odoo.http", "WARNING"):
            response = self.url_open(link.get("href"))
        self.assertEqual(response.content, base64.b64decode(PIXEL))
        self.assertEqual(response.headers["Content-Type"], "image/png")
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        self.assertTrue(
            response.headers["Content-Disposition"].startswith("attachment")
        )

    def test_both_sides(self):
        """R12: a paper with two sides asks for both, and keeps them together."""
        self.identity_type.sides = "both"
        request = self._make_request("submitted")
        papers = f"/my/requests/{request.id}/papers"
        front = self._upload("front.png", base64.b64decode(PIXEL))
        (name,) = front
        back = {f"{name}_back": ("back.png", base64.b64decode(PIXEL))}
        page = html.fromstring(self._post(papers, files=back).content)
        self._assert_invalid(page, name)
        self.assertFalse(self.file.document_ids)
        self._post(papers, files=front)
        self.assertFalse(self.file.document_ids.file_back)
        page = self._get(f"/my/requests/{request.id}")
        self.assertTrue(select(page, ".o_br_missing li"))
        self._post(papers, files=front | back)
        self.assertEqual(
            (request.document_ids.version, request.document_ids.file_back_name),
            (2, "back.png"),
        )
        page = self._get(f"/my/requests/{request.id}")
        self.assertFalse(select(page, ".o_br_missing"))

    def test_messages(self):
        """R26: the applicant writes and reads messages, but no internal notes."""
        request = self._make_request("submitted")
        self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": "beneficiary.request",
                "thread_id": request.id,
                "post_data": {
                    "body": "متى الرد؟",
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                },
            },
        )
        request.with_user(self.officer).message_post(
            body="An internal note", subtype_xmlid="mail.mt_note"
        )
        bodies = str(self._fetch_messages(request))
        self.assertIn("متى الرد؟", bodies)
        self.assertNotIn("An internal note", bodies)

    def _fetch_messages(self, request):
        return self.make_jsonrpc_request(
            "/mail/chatter_fetch",
            {"thread_model": "beneficiary.request", "thread_id": request.id},
        )


@tagged("post_install", "-at_install", "without_demo")
class TestPortalSafety(PortalCase):
    """What the applicant, a neighbour and a stranger cannot see or do."""

    def test_foreign_request(self):
        """R26, R43: another person's request looks like one that does not exist."""
        request = self._make_request("submitted")
        self._make_document(self.file, self.identity_type)
        document = request.document_ids
        insider = self._make_user("br_member_b", None, self.other)
        self._make_file(self.other, insider)
        before = request.read(["state", "description", "round", "document_ids"])
        for user in (self.neighbour, insider):
            self._sign_in(user)
            for number in (request.id, 2**31 - 1, 10**12):
                path = f"/my/requests/{number}"
                for get in (path, f"{path}/edit", f"{path}/papers/{document.id}"):
                    response = self.url_open(get)
                    self.assertRegex(response.url, LED_AWAY, get)
                for post in ("edit", "papers", "withdraw"):
                    response = self._post(
                        f"{path}/{post}",
                        {
                            "description": "x",
                            "reason": "x",
                            "confirmed": "1",
                            "action": "send",
                        },
                        files=self._upload("a.png", base64.b64decode(PIXEL)),
                    )
                    self.assertRegex(response.url, LED_AWAY, post)
                result = self.make_jsonrpc_request(
                    f"{path}/sign", {"name": "x", "signature": PIXEL}
                )
                self.assertEqual(list(result), ["error"])
        self.assertEqual(
            request.read(["state", "description", "round", "document_ids"]), before
        )

    @mute_logger("odoo.http")
    def test_foreign_request_rpc(self):
        """R43: RPC shows nothing of another person's request either."""
        request = self._make_request("submitted")
        for user in (self.neighbour, self._make_user("br_nobody", None, self.other)):
            self._sign_in(user)
            model = "beneficiary.request"
            self.assertEqual(self._rpc(model, "search_count", []), 0)
            self.assertEqual(self._rpc(model, "name_search", request.name), [])
            for method in ("read", "web_read", "message_post", "action_cancel"):
                kwargs = {"specification": {"name": {}}} if method == "web_read" else {}
                with self.assertRaises(JsonRpcException, msg=method):
                    self._rpc(model, method, request.ids, **kwargs)

    def test_file_of_another_association(self):
        """R43: a file gives no access in an association that the user is not of."""
        file = self._make_file(self.other, self.applicant)
        self._offer_elsewhere()
        files = self.env["beneficiary.beneficiary"].with_user(self.applicant)
        self.assertNotIn(file, files._get_portal_files())
        with self.assertRaises(AccessError):
            self.env["beneficiary.request"].with_user(self.applicant)._portal_create(
                file, {"description": "x"}
            )

    def test_signed_out(self):
        """Portal pages need a signed-in user; a token does not replace it."""
        request = self._make_request("submitted")
        token = request._portal_ensure_token()
        self.logout()
        for path in ("/my/requests", f"/my/requests/{request.id}"):
            response = self.url_open(f"{path}?access_token={token}")
            self.assertIn("/web/login", response.url)

    def test_get_changes_nothing(self):
        """Safety: following a link never signs, sends, withdraws or uploads."""
        request = self._make_request("verified")
        for path in ("withdraw", "papers", "sign"):
            response = self.url_open(
                f"/my/requests/{request.id}/{path}?reason=x&confirmed=1&action=send"
            )
            self.assertEqual(response.status_code, 200, path)
            self.assertTrue(response.url.endswith(f"/my/requests/{request.id}"), path)
        self.url_open("/my/requests/new?description=x&action=send")
        draft = self._make_request()
        self.url_open(f"/my/requests/{draft.id}/edit?description=x&action=send")
        self.env.invalidate_all()
        self.assertEqual(request.state, "verified")
        self.assertEqual(draft.state, "draft")
        self.assertEqual(self._get_latest(), draft)

    def test_csrf(self):
        """Safety: a form without the token of the session is refused."""
        request = self._make_request("submitted")
        for path in (
            "/my/requests/new",
            f"/my/requests/{request.id}/withdraw",
            f"/my/requests/{request.id}/papers",
        ):
            data = {"reason": "x", "confirmed": "1", "description": "x"}
            with self.assertLogs("odoo.http", "WARNING"):
                response = self.url_open(path, data=data)
            self.assertEqual(response.status_code, 400)
        self.assertEqual(self._get_latest(), request)
        self.assertEqual(request.state, "submitted")

    def test_hostile_values(self):
        """Safety: values that the form does not ask for are ignored."""
        self._post_form(
            {
                "description": "x\0y",
                "action": "send",
                "state": "accepted",
                "name": "R/0",
                "beneficiary_id": self.neighbour_file.id,
                "company_id": self.other.id,
                "channel_id": self._channel("phone").id,
                "officer_id": self.applicant.id,
                "committee_id": "",
                "released_on": "2020-01-01",
            }
        )
        request = self._get_latest()
        self.assertEqual(request.state, "submitted")
        self.assertEqual(request.description, "xy")
        self.assertEqual(request.beneficiary_id, self.file)
        self.assertEqual(request.company_id, self.company)
        self.assertEqual(request.channel_id, self._channel("website"))
        self.assertFalse(request.officer_id)
        self.assertEqual(request.committee_id, self.committee)
        self.assertFalse(request.released_on)
        self.assertNotEqual(request.name, "R/0")

    def test_services_not_offered(self):
        """R45: unpublished services and other associations' cannot be requested."""
        hidden = self.service.copy({"portal_published": False})
        foreign = self._offer_elsewhere()
        for file, service in (
            (self.file.id, hidden.id),
            (self.file.id, foreign.id),
            (self.neighbour_file.id, self.service.id),
            ("x", "1; drop"),
        ):
            self._post_form(
                {
                    "file_id": file,
                    "service_id": service,
                    "description": "x",
                    "action": "send",
                }
            )
            self.assertFalse(self._get_latest())
        with self.assertRaises(UserError):
            self.env["beneficiary.request"].with_user(self.applicant)._portal_create(
                self.file, {"service_id": hidden.id}
            )

    @mute_logger("odoo.http")
    def test_rpc_cannot_write(self):
        """Safety: over RPC applicants change nothing, not even their own request."""
        request = self._make_request("submitted")
        model = "beneficiary.request"
        for method, *args in (
            ("write", request.ids, {"description": "x"}),
            ("create", [{"beneficiary_id": self.file.id}]),
            ("unlink", request.ids),
            ("copy", request.ids),
            ("action_verify", request.ids, "x"),
            ("action_release", request.ids, "x"),
            ("_portal_write", request.ids, {"description": "x"}),
            ("_write_flow", request.ids, {"state": "accepted"}),
        ):
            with self.assertRaises(JsonRpcException, msg=method):
                self._rpc(model, method, *args)
        with self.assertRaises(JsonRpcException):
            self._rpc("beneficiary.document", "search_count", [])
        self.env.invalidate_all()
        self.assertEqual(request.state, "submitted")

    def test_uploads(self):
        """Safety: uploads are checked by content, not by name; the draft is kept."""
        large = base64.b64decode(PIXEL) + bytes(MAX_FILE_MB * 1024 * 1024)
        for name, content in (
            ("card.png", HTML_PAGE),
            ("card.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            ("card.pdf", b"MZ\x90\x00"),
            ("card.png", b""),
            ("card.png", large),
        ):
            with self.subTest(size=len(content), head=content[:6]):
                response = self._post_form(
                    {"description": "سلة", "action": "send"},
                    files=self._upload(name, content),
                )
                page = html.fromstring(response.content)
                self._assert_invalid(page, f"paper_{self.identity_type.id}")
                request = self._get_latest()
                self.assertEqual(request.state, "draft")
                self.assertIn(f"/{request.id}/edit/papers", response.url)
        self.assertFalse(self.file.document_ids)

    def test_upload_of_another_kind(self):
        """Safety: only papers that the service asks for are taken."""
        request = self._make_request("submitted")
        lease = self.env.ref("beneficiary_relations.document_type_lease")
        self._post(
            f"/my/requests/{request.id}/papers",
            files={f"paper_{lease.id}": ("a.png", base64.b64decode(PIXEL))},
        )
        self.assertFalse(self.file.document_ids)
        with self.assertRaises(UserError):
            request.with_user(self.applicant)._portal_upload(lease, ("a.png", PIXEL))

    def test_scan_rule(self):
        """Safety: scans from staff are checked by the same rule."""
        document = self._make_document(self.file, self.identity_type)
        for content in (HTML_PAGE, bytes(MAX_FILE_MB * 1024 * 1024 + 1)):
            with self.assertRaises(ValidationError):
                document.with_user(self.officer).file = base64.b64encode(content)

    def test_attachments(self):
        """Safety: direct links open neither scans nor signatures."""
        request = self._make_request("in_review")
        document = request.document_ids
        # The applicant cannot download a scan that an officer added.
        page = self._get(f"/my/requests/{request.id}")
        self.assertFalse(select(page, "a.o_br_download"))
        response = self.url_open(f"/my/requests/{request.id}/papers/{document.id}")
        self.assertRegex(response.url, r"/my(/home)?$")
        attachments = (
            self.env["ir.attachment"]
            .search(
                [("res_field", "!=", False), ("res_model", "like", "beneficiary.%")]
            )
            .filtered(lambda attachment: attachment.res_model != "res.lang")
        )
        self.assertGreaterEqual(len(attachments), 2)
        for user in (self.applicant, self.neighbour):
            self._sign_in(user)
            for path in (
                f"/web/content/beneficiary.document/{document.id}/file",
                f"/web/image/beneficiary.request/{request.id}/declaration_signature",
                *(f"/web/content/{attachment.id}" for attachment in attachments),
            ):
                response = self.url_open(path)
                self.assertNotIn(base64.b64decode(PIXEL), response.content, path)

    def test_messages_tell_no_state(self):
        """R21: refusals use the same words before and while a reply is held."""
        before = self._make_request("in_review")
        held = self._make_request("decided")
        answers = [
            (
                self._sign(request),
                self._normalise(
                    self._post(f"/my/requests/{request.id}/papers").text, request
                ),
            )
            for request in (before, held)
        ]
        self.assertEqual(*answers)

    def _normalise(self, text, request):
        """Return a page without the number, id and token of its request."""
        text = re.sub(r'csrf_token["\']?[:=]? *(value=)?["\'][^"\']+', "csrf", text)
        text = text.replace(request.name, "NUMBER")
        return re.sub(rf'(/my/requests/|data-res_id="){request.id}\b', r"\1ID", text)

    @mute_logger("odoo.http")
    def test_outcome_is_hidden(self):
        """R21: before the release, accepted, rejected and undecided look the same."""
        undecided = self._make_request("in_review")
        accepted = self._make_request("decided")
        rejected = self._make_request("in_review")
        self._decide(rejected, "rejected")
        requests = undecided | accepted | rejected
        self.assertEqual(requests.mapped("state"), ["in_review", "decided", "decided"])
        requests._write_flow(
            {
                name: undecided[name]
                for name in ("submitted_on", "raised_on", "review_floor_on")
            }
        )
        self.env.flush_all()
        self._assert_same(
            "page",
            requests,
            lambda request: self._normalise(
                self.url_open(f"/my/requests/{request.id}").text, request
            ),
        )
        self._assert_same("list", requests, self._get_list_item)
        for read in (
            lambda call, ids: call("read", ids),
            lambda call, ids: call("search_read", [("id", "in", ids)]),
            lambda call, ids: call(
                "web_search_read",
                [("id", "in", ids)],
                specification={"name": {}, "portal_state": {}, "description": {}},
                count_limit=9,
            ),
            lambda call, ids: call(
                "search_count",
                [("id", "in", ids), ("portal_state", "=", "in_review")],
            ),
            lambda call, ids: call(
                "formatted_read_group",
                [("id", "in", ids)],
                ["review_floor_on:day"],
                ["__count"],
            ),
        ):
            self._assert_same(
                "rpc",
                requests,
                lambda request, read=read: self._read_over_rpc(request, read),
            )
        self._assert_same("messages", requests, self._read_messages)
        for filterby in ("accepted", "rejected", "finished"):
            page = self._get(f"/my/requests?filterby={filterby}")
            self.assertFalse(select(page, ".o_br_requests"))

    def _assert_same(self, what, requests, read):
        answers = [read(request) for request in requests]
        with self.subTest(what=what):
            self.assertTrue(answers[0])
            self.assertEqual(answers[0], answers[1])
            self.assertEqual(answers[0], answers[2])

    def _get_list_item(self, request):
        page = self._get(f"/my/requests?search={request.name}")
        (item,) = select(page, ".o_br_requests a")
        return self._normalise(html.tostring(item, encoding="unicode"), request)

    def _read_over_rpc(self, request, read):
        def call(method, *args, **kwargs):
            return self._rpc("beneficiary.request", method, *args, **kwargs)

        answer = self._normalise(str(read(call, request.ids)), request)
        return answer.replace(f"'id': {request.id},", "'id': ID,")

    def _read_messages(self, request):
        fetched = self.make_jsonrpc_request(
            "/mail/chatter_fetch",
            {"thread_model": "beneficiary.request", "thread_id": request.id},
        )
        domain = [("model", "=", "beneficiary.request"), ("res_id", "=", request.id)]
        count = self._rpc("mail.message", "search_count", domain)
        answers = [fetched, count]
        for part in ("activities", "attachments", "followers", "scheduledMessages"):
            thread = {
                "thread_model": "beneficiary.request",
                "thread_id": request.id,
                "request_list": [part],
            }
            try:
                store = self.make_jsonrpc_request(
                    "/mail/data", {"fetch_params": [["mail.thread", thread]]}
                )
            except JsonRpcException as error:
                store = str(error)
            answers.append(store)
        return str(answers).replace(f"'id': {request.id},", "'id': ID,")

    @mute_logger("odoo.http")
    def test_hidden_fields_answer_nothing(self):
        """R21: hidden fields cannot be read, searched or used as an order."""
        self._make_request("decided")
        request = self._make_request("in_review")
        model = "beneficiary.request"
        for name, value in (
            ("state", "decided"),
            ("release_on", "2026-03-29"),
            ("reply_due_on", "2026-03-29"),
            ("decision_ids", 1),
            ("decision_ids.outcome", "accepted"),
            ("vote_ids", 1),
            ("write_date", "2026-03-29"),
            ("write_uid", self.chair.id),
            ("step_ids", 1),
            ("beneficiary_id", self.file.id),
            ("message_ids", 1),
            ("activity_ids", 1),
        ):
            with self.subTest(field=name):
                with self.assertRaises(JsonRpcException):
                    self._rpc(model, "search_count", [(name, "=", value)])
                if "." not in name:
                    with self.assertRaises(JsonRpcException):
                        self._rpc(model, "search", [], order=name)
                    with self.assertRaises(JsonRpcException):
                        self._rpc(model, "read", request.ids, [name])
        with self.assertRaises(JsonRpcException):
            self._rpc(
                "beneficiary.beneficiary",
                "search_count",
                [("request_ids.state", "=", "decided")],
            )
