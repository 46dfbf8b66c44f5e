import base64

from lxml import html

from odoo import Command
from odoo.http import Request
from odoo.tests import tagged

from ..common import PIXEL, pdf_base64
from .common import PortalCase, select

SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


@tagged("post_install", "-at_install", "without_demo")
class TestPortalSteps(PortalCase):
    """A request in steps, each saved on the server (R33)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.applicant | cls.neighbour).lang = "en_US"

    def _begin(self, **data):
        response = self._post_form({"again": "", **data})
        return self._get_latest(), response

    def _send_paper(self, request, name="card.png", content=PIXEL, **data):
        """Send one paper as the script of the page does."""
        (field,) = self._upload(name, b"")
        return self._send_files(
            request, {field: (name, base64.b64decode(content))}, **data
        )

    def _send_files(self, request, files, **data):
        response = self.url_open(
            f"/my/requests/{request.id}/papers",
            data={"csrf_token": Request.csrf_token(self), "stay": "1", **data},
            files=files,
            headers=SCRIPT,
        )
        self.env.invalidate_all()
        self.assertEqual(response.status_code, 200)
        return response.json()

    def test_every_step_is_saved(self):
        """R33: what a step has is saved before the next; another device goes on."""
        request, response = self._begin()
        self.assertEqual(request.state, "draft")
        edit = f"/my/requests/{request.id}/edit"
        self.assertTrue(response.url.endswith(f"{edit}/need"))
        response = self._post(
            f"{edit}/need",
            {"description": "سلة", "amount_requested": "٥٠٠", "action": "next"},
        )
        self.assertTrue(response.url.endswith(f"{edit}/papers"))
        self.assertEqual((request.description, request.amount_requested), ("سلة", 500))
        self.logout()
        self._sign_in(self.applicant)  # another device
        page = self._get(f"{edit}/need")
        self.assertEqual(select(page, "[name=description]")[0].text, "سلة")
        # It goes on where something is missing, and at the end when nothing is.
        self.assertTrue(self.url_open(edit).url.endswith(f"{edit}/papers"))
        self._send_paper(request)
        self.assertTrue(self.url_open(edit).url.endswith(f"{edit}/check"))
        self._post(f"{edit}/check", {"action": "send"})
        self.assertEqual(request.state, "submitted")

    def test_a_mistake_costs_nothing(self):
        """R33: what is right is saved, what is wrong comes back, a reload is clean."""
        request, _page = self._begin()
        need = f"/my/requests/{request.id}/edit/need"
        response = self._post(
            need, {"description": "سلة", "amount_requested": "كثير", "action": "next"}
        )
        self.assertTrue(response.url.endswith(need))
        page = html.fromstring(response.content)
        self._assert_invalid(page, "amount_requested")
        self.assertTrue(select(page, "form div.o_br_say"), "beside the button")
        self.assertEqual(request.description, "سلة")
        page = self._get(need)
        self.assertFalse(select(page, ".o_br_say"))
        self.assertEqual(select(page, "[name=description]")[0].text, "سلة")

    def test_saved_while_typing(self):
        """R33: the script saves what is typed; a wrong value leaves the rest saved."""
        request, _page = self._begin()
        need = f"/my/requests/{request.id}/edit/need"
        form = {"description": "سلة", "amount_requested": "x", "action": "keep"}
        response = self._post(need, {**form, "stay": "1"}, headers=SCRIPT)
        self.assertEqual(list(response.json()["errors"]), ["amount_requested"])
        self.assertEqual((request.description, request.state), ("سلة", "draft"))
        self.assertFalse(select(self._get(need), ".o_br_say"), "nothing is kept back")

    def test_reload_after_a_refused_file(self):
        """R33: after a refused file the address is the draft's; a reload adds none."""
        response = self._post_form(
            {"description": "سلة", "action": "send"},
            files=self._upload("card.png", b"MZ\x90\x00"),
        )
        request = self._get_latest()
        self.assertTrue(response.url.endswith(f"/{request.id}/edit/papers"))
        self._get(response.url)
        self.assertEqual(self._get_latest(), request)

    def test_every_form_redirects(self):
        """R33: each POST answers with a redirect, right or wrong, so that a reload
        sends nothing again."""
        request = self._make_request("submitted")
        draft = self._make_request()
        rejected = self._make_request("rejected")
        delivered = self._make_request("delivered")
        for path in (
            "/my/requests/new",
            f"/my/requests/{draft.id}/edit",
            f"/my/requests/{draft.id}/edit/check",
            f"/my/requests/{request.id}/papers",
            f"/my/requests/{draft.id}/papers/1/remove",
            f"/my/requests/{request.id}/withdraw",
            f"/my/requests/{rejected.id}/appeal",
            f"/my/requests/{delivered.id}/rate",
        ):
            with self.subTest(path=path):
                response = self._post(path, {"x": "1"}, allow_redirects=False)
                self.assertEqual(response.status_code, 303)

    def test_every_address_leads_to_its_page(self):
        """R33: each address of a form or call, opened by itself, leads to the page."""
        request = self._make_request("submitted")
        home = f"/my/requests/{request.id}"
        rules = {
            rule.rule
            for rule in self.env["ir.http"].routing_map().iter_rules()
            if rule.rule.startswith("/my/requests/<int:request_id>/")
            and "GET" not in (rule.methods or ["GET"])
        }
        self.assertGreater(len(rules), 6)
        for rule in rules:
            path = (
                rule.replace("<int:request_id>", str(request.id))
                .replace("<string:seen>", "x")
                .replace("<string:step>", "need")
                .replace("<int:document_id>", "1")
                .replace("<int:delivery_id>", "1")
            )
            with self.subTest(path=path):
                response = self.url_open(path)
                self.assertEqual(response.status_code, 200)
                self.assertTrue(response.url.endswith(home), response.url)
        self._sign_in(self.neighbour)
        self.assertRegex(self.url_open(f"{home}/withdraw").url, r"/my(/home)?$")

    def test_withdraw_and_appeal_twice(self):
        """R33: a form that arrives twice shows its first result."""
        request = self._make_request("submitted")
        form = {"reason": "سافرت", "confirmed": "1"}
        for _time in range(2):
            response = self._post(f"/my/requests/{request.id}/withdraw", form)
            self.assertTrue(response.url.endswith("?done=withdrawn"))
        rejected = self._make_request("rejected")
        for _time in range(2):
            response = self._post(
                f"/my/requests/{rejected.id}/appeal", {"appeal": "تغير دخلي"}
            )
            self.assertTrue(response.url.endswith("?done=appealed"))
        self.assertEqual(len(rejected.appeal_ids), 1)

    # -- asked again -------------------------------------------------------------------

    def test_the_same_service_again(self):
        """R33: a service asked for again within days is asked about, each time."""
        draft, _page = self._begin()
        for action in ("save", "send"):
            latest, response = self._begin()
            self.assertEqual(latest, draft)
            page = html.fromstring(response.content)
            (asked,) = select(page, ".o_br_asked")
            self.assertTrue(select(asked, "a.o_br_continue"))
            self._post(
                f"/my/requests/{draft.id}/edit",
                {"description": "سلة", "action": action},
            )
        self.assertEqual(draft.state, "submitted")
        latest, response = self._begin()
        self.assertEqual(latest, draft)
        self.assertIn(draft.name, response.text)
        # Another service is another matter, and so is an old request.
        other = self.service.copy({"name": "Water"})
        self.assertNotEqual(self._begin(service_id=other.id)[0], draft)
        draft._write_flow({"submitted_on": "2020-01-01 10:00:00"})
        self.env.flush_all()
        latest, _page = self._begin()
        self.assertEqual(latest.service_id, self.service)
        self.assertNotEqual(latest, draft)

    def test_empty_drafts_go(self):
        """R33: a draft in which nothing was entered leaves; any other one stays."""
        empty, _page = self._begin()
        typed, _page = self._begin(again="1")
        self._post(
            f"/my/requests/{typed.id}/edit", {"description": "سلة", "action": "save"}
        )
        self.env.flush_all()
        requests = self.env["beneficiary.request"]
        requests._gc_empty_drafts()
        self.assertTrue(empty.exists())
        self.env.cr.execute(
            "UPDATE beneficiary_request SET write_date = write_date - interval '2 days'"
        )
        self.env.invalidate_all()
        requests._gc_empty_drafts()
        self.assertEqual((empty | typed).exists(), typed)

    def test_the_same_service_on_purpose(self):
        """R33: who says so asks twice; a draft asks once more when another was sent."""
        first, _page = self._begin()
        second, _page = self._begin(again="1")
        self.assertNotEqual(first, second)
        for request in (first, second):
            path = f"/my/requests/{request.id}/edit/check"
            self._post(path, {"description": "سلة", "action": "send"})
        self.assertEqual((first.state, second.state), ("submitted", "draft"))
        page = self._get(path)
        self.assertIn(first.name, select(page, "label[for=o_br_again]")[0].xpath(
            "string()"))  # fmt: skip
        self._post(path, {"action": "send", "again": "1"})
        self.assertEqual(second.state, "submitted")

    # -- papers ------------------------------------------------------------------------

    def test_one_paper_at_a_time(self):
        """R33: a paper is sent, replaced and removed by itself, as a draft's own."""
        request, _page = self._begin()
        answer = self._send_paper(request, back="papers")
        self.assertEqual(answer["errors"], {})
        self.assertTrue(answer["url"].endswith("/edit/papers?done=papers"))
        first = self.file.document_ids
        self._send_paper(request, content=pdf_base64(), back="papers")
        second = self.file.document_ids - first
        self.assertEqual(request.document_ids, second)
        page = self._get(f"/my/requests/{request.id}/edit/papers")
        self.assertTrue(select(page, "button.o_br_remove"))
        remove = f"/my/requests/{request.id}/papers/{second.id}/remove"
        for _time in range(2):
            response = self._post(remove, {"back": "papers"})
            self.assertIn("/edit/papers?done=removed", response.url)
        self.assertFalse(second.exists())
        self.assertEqual(request.document_ids, first)

    def test_refused_paper(self):
        """R33: the script gets the reason, and the page keeps no message for later."""
        request, _page = self._begin()
        answer = self._send_paper(request, content=base64.b64encode(b"MZ\x90\x00"))
        (message,) = answer["errors"].values()
        self.assertIn("PDF", message)
        answer = self._send_files(request, {}, kind=str(self.identity_type.id))
        self.assertEqual(list(answer["errors"]), [f"paper_{self.identity_type.id}"])
        page = self._get(f"/my/requests/{request.id}/edit/papers")
        self.assertFalse(select(page, ".o_br_say"))

    def test_what_is_not_removed(self):
        """R14: a paper that the office has matched, that another request needs, that is
        older than the draft or somebody else's is not removed."""
        older = self._make_document(self.file, self.identity_type)
        request, _page = self._begin()
        foreign = self._make_document(self.neighbour_file, self.identity_type)
        self._send_paper(request, content=pdf_base64())
        own = request.document_ids
        self.assertNotEqual(own, older)
        for paper, prepare in (
            (older, lambda: None),
            (foreign, lambda: None),
            (own, lambda: own.with_user(self.officer).write({"number": "5"})),
        ):
            prepare()
            if paper == own:
                own.write(
                    {
                        "issue_date": older.issue_date,
                        "expiry_date": older.expiry_date,
                    }
                )
                own.with_user(self.officer).action_match("The card")
            self._post(f"/my/requests/{request.id}/papers/{paper.id}/remove")
            self.assertTrue(paper.exists())
        own.number = "6"  # it is not matched any more
        self.assertFalse(own.matched_on)
        other = self._make_request("submitted")
        self._post(f"/my/requests/{request.id}/papers/{own.id}/remove")
        self.assertTrue(own.exists())
        other.with_user(self.officer).action_cancel(reason="A mistake")
        response = self._post(f"/my/requests/{request.id}/papers/{own.id}/remove")
        said = select(html.fromstring(response.content), ".o_br_say")
        self.assertFalse(own.exists(), [node.text_content() for node in said])

    def test_sides_one_by_one(self):
        """R12: the two sides of a paper may be sent one after the other."""
        self.identity_type.sides = "both"
        request, _page = self._begin()
        name = f"paper_{self.identity_type.id}"
        sides = {
            field: ("a.png", base64.b64decode(PIXEL))
            for field in (name, f"{name}_back")
        }
        answer = self._send_files(request, {f"{name}_back": sides[f"{name}_back"]})
        self.assertIn(name, answer["errors"])
        self.assertFalse(self.file.document_ids)
        for field, side in sides.items():
            self._send_files(request, {field: side})
        self.assertEqual(len(self.file.document_ids), 1)
        self.assertTrue(request.document_ids.file_back)
        self.assertFalse(request._portal_get_missing()[1:])

    def test_missing_with_its_upload(self):
        """R12: the summary has an upload beside each missing paper, and a way back."""
        lease = self.env["beneficiary.document.type"].create({"name": "Lease"})
        self.service.document_line_ids = [Command.create({"type_id": lease.id})]
        request, _page = self._begin()
        self._make_document(self.file, lease)
        page = self._get(f"/my/requests/{request.id}/edit/check")
        self.assertTrue(select(page, f"[name=paper_{self.identity_type.id}]"))
        self.assertFalse(select(page, f"[name=paper_{lease.id}]"))
        self.assertTrue(select(page, ".o_br_missing li"))
        self.assertTrue(select(page, ".o_br_summary .o_br_wanted"))
        answer = self._send_paper(request, back="check")
        self.assertIn("/edit/check", answer["url"])

    def test_steps_of_somebody_else(self):
        """R43: another person's draft cannot be read, saved, sent or emptied."""
        request, _page = self._begin(description="سلة")
        self._send_paper(request)
        paper = request.document_ids
        self._sign_in(self.neighbour)
        for path in ("edit", "edit/need", "edit/check", f"papers/{paper.id}/remove"):
            url = f"/my/requests/{request.id}/{path}"
            self.assertRegex(self.url_open(url).url, r"/my(/home)?$")
            form = {"description": "x", "action": "send", "again": "1"}
            self.assertRegex(self._post(url, form).url, r"/my(/home)?$")
        self.assertEqual((request.description, request.state), ("سلة", "draft"))
        self.assertTrue(paper.exists())

    def test_queries(self):
        """R33: the page of services costs the same at N and at 2N own requests."""
        costs = []
        for _twice in range(2):
            for _request in range(5):
                self._make_request()
            self._get("/my/requests/new")  # fills the caches
            before = self.cr.sql_log_count
            self._get("/my/requests/new")
            costs.append(self.cr.sql_log_count - before)
        self.assertEqual(*costs)
