from base64 import b64encode

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import PIXEL
from ..upload_cases import make_pdf
from .common import PortalCase, select


@tagged("post_install", "-at_install")
class TestTurn(PortalCase):
    """R26: one function says where a request stands, and whose turn it is."""

    def setUp(self):
        super().setUp()
        self.opener.cookies["frontend_lang"] = "en_US"

    def _as_applicant(self, request):
        return request.with_user(self.applicant).with_context(lang="en_US")

    def _assert_stands(self, request, code, turn):
        """Check where ``request`` stands for its applicant, on every page alike."""
        self.env.flush_all()
        self.env.invalidate_all()
        status = self._as_applicant(request)._portal_get_status()
        self.assertEqual((status["code"], status["turn"]), (code, turn))
        (item,) = (
            item
            for item in select(self._get("/my/requests"), ".o_br_requests a")
            if item.get("href") == request.access_url
        )
        (stand,) = select(item, ".o_br_stand")
        self.assertEqual(stand.get("data-turn"), turn)
        self.assertIn(status["label"], stand.text_content())
        (header,) = select(self._get(request.access_url), ".o_br_status")
        self.assertEqual(header.get("data-turn"), turn)
        for words in (status["label"], status["text"], status["turn_text"]):
            self.assertIn(words, header.text_content())
        if turn == "person":
            self.assertIn(status["turn_text"], stand.text_content())
        text = request.with_user(self.officer)._get_whatsapp_text()
        words = request.with_context(lang=self.file.lang)._portal_get_status()
        self.assertEqual(words["code"], code)
        self.assertIn(words["label"], text)
        self.assertIn(request.access_url, text)

    def test_before_it_is_sent(self):
        """A draft is the person's turn, also when it came back."""
        request = self._make_request()
        self._assert_stands(request, "draft", "person")
        self._make_document(self.file, self.identity_type)
        self._advance(request, "submitted")
        self._assert_stands(request, "submitted", "office")
        request.with_user(self.officer).action_return(reason="Bring the lease")
        self.assertEqual(request.state, "draft")
        self._assert_stands(request, "complete", "person")

    def test_missing_papers(self):
        """A request that waits for papers is not just “received”."""
        request = self._make_request("submitted")
        self._assert_stands(request, "complete", "person")
        self._make_document(self.file, self.identity_type)
        self._assert_stands(request, "submitted", "office")

    def test_signature(self):
        """The declaration waits for the person, then the committee has the request."""
        request = self._make_request("verified")
        self._assert_stands(request, "sign", "person")
        self._advance(request, "declared")
        self._assert_stands(request, "declared", "office")
        self._advance(request, "in_review")
        self._assert_stands(request, "in_review", "office")

    def test_held_reply(self):
        """R21: a decision that is held changes nothing of what the person reads."""
        request = self._make_request("in_review")
        before = self._as_applicant(request)._portal_get_status()
        self._advance(request, "decided")
        self.env.invalidate_all()
        self.assertEqual(self._as_applicant(request)._portal_get_status(), before)

    def test_committee_returns_it(self):
        """What the committee asks for is the person's turn until they have done it."""
        request = self._make_request("in_review")
        request.with_user(self.chair).action_return(reason="Bring the lease")
        self.assertEqual(request.state, "submitted")
        self._assert_stands(request, "complete", "person")

    def test_reopened(self):
        """A request that was reopened is with the association."""
        request = self._make_request("rejected")
        self._assert_stands(request, "rejected", "")
        request.with_user(self.manager).action_reopen(reason="A new paper came")
        self._assert_stands(request, "reopened", "office")

    def test_delivery(self):
        """A planned delivery has its day; a receipt waits for the person."""
        request = self._make_request("accepted")
        self._assert_stands(request, "accepted", "office")
        self._advance(request, "registered")
        self._assert_stands(request, "registered", "office")
        delivery = self._plan_delivery(request)
        self._assert_stands(request, "planned", "office")
        status = self._as_applicant(request)._portal_get_status()
        self.assertIn("The office", status["text"])
        self._hand_over(delivery)
        self._assert_stands(request, "receive", "person")
        self._as_applicant(request)._portal_receive(delivery.id, "سالم المثال", PIXEL)
        self._assert_stands(request, "registered", "office")
        request.with_user(self.officer).action_deliver(evidence="Handed over")
        self._assert_stands(request, "delivered", "")

    def test_guardian_without_the_scope(self):
        """Who may not receive for the person is not asked for the receipt."""
        guardian = self._make_guardian()
        self.file.representative_ids.scope = "requests"
        request = self._make_request("registered")
        self._hand_over(self._plan_delivery(request))
        own = request.with_user(guardian)._portal_get_status()
        self.assertEqual((own["code"], own["turn"]), ("registered", "office"))

    def test_what_waits(self):
        """The home page's list holds what is the person's turn, and nothing else."""
        waiting = {state: self._make_request(state) for state in ("draft", "verified")}
        waiting["registered"] = self._make_request("registered")
        self._hand_over(self._plan_delivery(waiting["registered"]))
        self._make_request("in_review")
        self._make_request("accepted")
        lines = self._get_waiting("beneficiary.request", self.applicant)
        self.assertEqual(
            {line["url"] for line in lines},
            {request.access_url for request in waiting.values()},
        )
        for line in lines:
            self.assertTrue(line["text"] and line["button"])
        self.assertFalse(self._get_waiting("beneficiary.request", self.neighbour))

    def test_rating_waits(self):
        """R29: a service that the person was asked to rate waits until it is rated."""
        request = self._make_request("delivered")
        (line,) = self._get_waiting("beneficiary.request", self.applicant)
        self.assertTrue(line["url"].startswith(request.access_url))
        self.assertIn(request.name, line["text"])
        request.with_user(self.applicant)._portal_rate("5", "")
        self.env.invalidate_all()
        self.assertFalse(self._get_waiting("beneficiary.request", self.applicant))

    def test_ended(self):
        """Nobody's turn: the request is cancelled, or closed."""
        request = self._make_request("submitted")
        self._advance(request, "cancelled")
        self._assert_stands(request, "cancelled", "")

    def test_cost(self):
        """Safety: the list costs as much for many requests as for a few."""
        costs = []
        for _twice in range(2):
            for state in ("draft", "submitted", "verified", "registered"):
                request = self._make_request(state)
                if state == "registered":
                    self._hand_over(self._plan_delivery(request))
            self._get("/my/requests")  # fill the caches
            before = self.cr.sql_log_count
            self._get("/my/requests")
            costs.append(self.cr.sql_log_count - before)
        self.assertEqual(*costs)


@tagged("post_install", "-at_install")
class TestCompleted(PortalCase):
    """R21, R26: the person says “I have completed it”."""

    def setUp(self):
        super().setUp()
        self.request = self._make_request("in_review")
        self.request.with_user(self.chair).action_return(reason="Bring the lease")
        self.assertTrue(self.request.is_paused)
        self.path = f"{self.request.access_url}/complete"

    def _get_news(self):
        kind = self.env.ref("beneficiary_relations.mail_activity_type_portal")
        return self.request.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def _get_turn(self):
        return self.request.with_user(self.applicant)._portal_get_status()["turn"]

    def test_pause_ends(self):
        """Nothing is missing: the pause ends, and the officer is told the same day."""
        (form,) = select(self._get(self.request.access_url), "form.o_br_complete")
        self.assertEqual(form.get("action"), self.path)
        due = self.request.reply_due_on
        response = self._post(self.path)
        self.assertTrue(response.url.endswith(f"{self.request.id}?done=completed"))
        self.assertFalse(self.request.is_paused)
        self.assertGreaterEqual(self.request.reply_due_on, due)
        self.assertEqual(self._get_turn(), "office")
        news = self._get_news()
        self.assertEqual(news.user_id, self.officer)
        self.assertEqual(news.date_deadline, self.company._get_beneficiary_today())
        page = self._get(self.request.access_url)
        self.assertFalse(select(page, "form.o_br_complete"))

    def test_officer_is_asked(self):
        """A paper is still missing: the pause goes on, and the officer is asked."""
        lease = self.env.ref("beneficiary_relations.document_type_lease")
        self.service.document_line_ids = [(0, 0, {"type_id": lease.id})]
        self._post(self.path)
        self.assertTrue(self.request.is_paused)
        self.assertEqual(self._get_turn(), "office")
        self.assertEqual(self._get_news().user_id, self.officer)

    def test_officer_asks_again(self):
        """A return asks the person again, and they may answer again."""
        self._post(self.path)
        self.request.with_user(self.officer).action_return(reason="It is not the lease")
        self.assertEqual(self._get_turn(), "person")
        self.assertFalse(self.request.completed_on)

    def test_news_of_before(self):
        """An open plan about an earlier paper does not swallow the new word."""
        self.request.with_user(self.applicant)._portal_tell_office()
        self._post(self.path)
        self.assertEqual(len(self._get_news()), 1)
        self.assertNotEqual(
            self._get_news().summary, self._get_news().activity_type_id.summary
        )

    def test_twice(self):
        """The same word again changes nothing and shows the first result."""
        self._post(self.path)
        before = (self.request.completed_on, self._get_news())
        response = self._post(self.path)
        self.assertTrue(response.url.endswith("?done=completed"))
        self.assertEqual((self.request.completed_on, self._get_news()), before)

    def test_upload(self):
        """The last missing paper completes the request by itself."""
        self.env["beneficiary.document"].search(
            [("beneficiary_id", "=", self.file.id)]
        ).unlink()
        self.env.invalidate_all()
        self.assertEqual(self._get_turn(), "person")
        self.request.with_user(self.applicant)._portal_upload(
            self.identity_type, ("card.png", PIXEL)
        )
        self.assertTrue(self.request.completed_on)
        self.assertEqual(self._get_turn(), "office")

    def test_renewal(self):
        """The paper renewed under “My papers” completes the request as well."""
        paper = self.request.document_ids
        paper.write({"issue_date": False, "expiry_date": "2020-03-15"})
        self.env.invalidate_all()
        self.assertEqual(self._get_turn(), "person")
        new = ("new.pdf", b64encode(make_pdf()))
        paper.with_user(self.applicant).sudo()._portal_renew(new)
        self.assertFalse(self.request.is_paused)
        self.assertEqual(self._get_news().user_id, self.officer)

    def test_officer_ends_the_pause(self):
        """The officer's own button says the same to the person."""
        self.request.with_user(self.officer).action_resume()
        self.assertFalse(self.request.is_paused)
        self.assertEqual(self._get_turn(), "office")

    def test_address(self):
        """The address opened as a page leads to the request, and changes nothing."""
        response = self.url_open(self.path)
        self.assertTrue(response.url.endswith(self.request.access_url))
        self.assertTrue(self.request.is_paused)

    def test_refused(self):
        """Nobody completes another person's request, or one that is not asked for."""
        for user in (self.neighbour, self.outsider):
            with self.assertRaises(AccessError):
                self.request.with_user(user)._portal_complete()
        self._sign_in(self.neighbour)
        self.assertTrue(self._post(self.path).url.endswith("/my"))
        self.assertTrue(self.request.is_paused)
        with self.assertRaises(UserError):
            request = self._make_request("in_review").with_user(self.applicant)
            request._portal_complete()
        with self.assertRaises(UserError):
            self.request.with_user(self.officer).write({"completed_on": "2026-01-01"})
