from urllib.parse import parse_qs, urlsplit

from lxml import html

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..request.common import PortalCase

REQUEST = "beneficiary.request"
NOT_YOURS = "o_br_not_yours"


@tagged("post_install", "-at_install")
class TestMailLink(PortalCase):
    """R26: the button in an e-mail leads its reader to the page, after signing in."""

    def setUp(self):
        super().setUp()
        self.request = self._make_request("submitted")
        self.page = f"/my/requests/{self.request.id}"

    def _open(self, model=REQUEST, res_id=None, **query):
        params = {"model": model, "res_id": res_id or self.request.id, **query}
        path = "/mail/view?" + "&".join(f"{key}={params[key]}" for key in params)
        return self.url_open(path)

    def _get_path(self, response):
        return urlsplit(response.url).path

    def test_applicant(self):
        """R26: the applicant gets to the request, whatever else the link carries."""
        for query in ({}, {"access_token": "x", "pid": "1", "hash": "x"}):
            with self.subTest(query=query):
                response = self._open(**query)
                self.assertEqual(response.status_code, 200)
                self.assertEqual(self._get_path(response), self.page)
                self.assertFalse(urlsplit(response.url).query)
                self.assertIn(self.request.name, response.text)

    def test_mail_of_the_office(self):
        """R26: the link in the e-mail that the office sends opens the page."""
        message = self.request.with_user(self.officer).message_post(
            body="Please call us",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.applicant.partner_id.ids,
        )
        groups = self.request._notify_get_recipients_groups(message, "Request", {})
        for name, _function, values in groups:
            url = values.get("button_access", {}).get("url")
            if url:
                with self.subTest(group=name):
                    parts = urlsplit(url)
                    response = self.url_open(f"{parts.path}?{parts.query}")
                    self.assertEqual(response.status_code, 200)
                    self.assertEqual(self._get_path(response), self.page)

    def test_signed_out(self):
        """R26: the link leads to the sign-in page first, then to the request."""
        self.authenticate(None, None)
        response = self._open(access_token="x")
        self.assertEqual(self._get_path(response), "/web/login")
        (back,) = parse_qs(urlsplit(response.url).query)["redirect"]
        self.assertNotIn("access_token", back)
        self._sign_in(self.applicant)
        self.assertEqual(self._get_path(self.url_open(back)), self.page)

    def test_others(self):
        """R43: foreign and missing requests give the same plain page."""
        for user in (self.neighbour, self.stranger, self.outsider):
            self._sign_in(user)
            for res_id in (self.request.id, 2**31 - 1, 10**20, "x"):
                with self.subTest(user=user.login, res_id=res_id):
                    response = self._open(res_id=res_id, access_token="")
                    self.assertEqual(response.status_code, 403)
                    self.assertIn(NOT_YOURS, response.text)
                    self.assertNotIn(self.request.name, response.text)

    @mute_logger("odoo.http")
    def test_in_their_language(self):
        """R44: the plain page is in the reader's language."""
        self.neighbour.lang = "ar_001"
        self._sign_in(self.neighbour)
        self.opener.cookies["frontend_lang"] = "ar_001"
        self.assertIn("o_rtl", self._open().text)

    def test_other_models(self):
        """R26, R43: a link about a file leads to its page."""
        model = "beneficiary.beneficiary"
        response = self._open(model, self.file.id)
        self.assertEqual(self._get_path(response), f"/my/file/{self.file.id}")
        response = self._open(model, self.neighbour_file.id)
        self.assertEqual(response.status_code, 403)
        for hidden in (
            "beneficiary.decision",
            "beneficiary.mixin",
            "beneficiary.portal.invite",
        ):
            with self.subTest(model=hidden):
                self.assertEqual(self._open(hidden, 1).status_code, 403)

    def test_staff(self):
        """Staff are led to the form of the record, as always in Odoo."""
        self._sign_in(self.officer)
        response = self.url_open(
            f"/mail/view?model={REQUEST}&res_id={self.request.id}",
            allow_redirects=False,
        )
        self.assertIn(
            f"/odoo/{REQUEST}/{self.request.id}", response.headers["Location"]
        )

    def test_share_links(self):
        """R21, R43: no address of a request contains a secret that opens it."""
        request = self.request.with_user(self.officer)
        self.assertEqual(request._get_share_url(), self.page)
        shared = request._get_share_url(redirect=True, pid=1, signup_partner=True)
        self.assertEqual(set(parse_qs(urlsplit(shared).query)), {"model", "res_id"})

    def _get_links(self):
        """Return the links in the e-mails and texts to the applicant, as paths."""
        messages = self.request.notice_ids.mail_message_id
        messages |= self.request.with_user(self.officer).message_post(
            body="Please call us",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.file.partner_id.ids,
        )
        mails = self.env["mail.mail"].search([("mail_message_id", "in", messages.ids)])
        bodies = [mail.body_html for mail in mails]
        texts = self.env["sms.sms"].search([("mail_message_id", "in", messages.ids)])
        addresses = [
            address
            for body in bodies
            for address in html.fromstring(str(body)).xpath("//a/@href")
        ]
        addresses += [
            word
            for text in texts
            for word in text.body.split()
            if word.startswith("http")
        ]
        found = []
        for address in addresses:
            parts = urlsplit(address)
            if parts.path.startswith(("/my", "/mail")):
                found.append(f"{parts.path}?{parts.query}".rstrip("?"))
        return sorted(set(found))

    def test_every_link(self):
        """R26, R43: each link that is sent opens its page; others read plain words."""
        self.request.with_user(self.officer).action_return(reason="Bring the lease")
        self._advance(self.request, "registered")
        self._hand_over(self._plan_delivery(self.request))
        links = self._get_links()
        self.assertTrue(any(link.startswith("/mail/view") for link in links))
        self.assertIn(self.page, links)
        for link in links:
            with self.subTest(link=link, user="applicant"):
                self._sign_in(self.applicant)
                response = self.url_open(link)
                self.assertEqual(response.status_code, 200)
                self.assertEqual(self._get_path(response), self.page)
            with self.subTest(link=link, user="signed out"):
                self.authenticate(None, None)
                response = self.url_open(link)
                self.assertEqual(self._get_path(response), "/web/login")
                (back,) = parse_qs(urlsplit(response.url).query)["redirect"]
                self._sign_in(self.applicant)
                self.assertEqual(self._get_path(self.url_open(back)), self.page)
            with self.subTest(link=link, user="somebody else"):
                self._sign_in(self.neighbour)
                response = self.url_open(link)
                self.assertEqual(response.status_code, 403)
                self.assertIn(NOT_YOURS, response.text)
                self.assertNotIn(self.request.name, response.text)

    def test_link_of_the_page(self):
        """R26, R43: the address itself says so too; staff get to the form."""
        for request_id in (self.request.id, 2**31 - 1, 10**20):
            self._sign_in(self.neighbour)
            response = self.url_open(f"/my/requests/{request_id}")
            self.assertEqual(response.status_code, 403)
            self.assertIn(NOT_YOURS, response.text)
        self._sign_in(self.officer)
        response = self.url_open(self.page, allow_redirects=False)
        self.assertIn("/mail/view", response.headers["Location"])

    def test_link_of_a_message(self):
        """R26, R43: the link of one message leads to its page, or refuses plainly."""
        message = self.request.with_user(self.officer).message_post(
            body="Please call us", subtype_xmlid="mail.mt_comment"
        )
        link = f"/mail/message/{message.id}"
        self.assertEqual(self._get_path(self.url_open(link)), self.page)
        self._sign_in(self.neighbour)
        for path in (link, f"/mail/message/{2**31 - 1}", f"/mail/message/{10**20}"):
            response = self.url_open(path)
            self.assertEqual(response.status_code, 403)
            self.assertIn(NOT_YOURS, response.text)
        self.authenticate(None, None)
        self.assertEqual(self._get_path(self.url_open(link)), "/web/login")

    @mute_logger("odoo.addons.mail.controllers.mail")
    def test_link_to_stop(self):
        """R43: a link to stop following that is not valid is refused in plain words."""
        for token, pid in (("x", "1"), ("", "1"), ("x", "x")):
            response = self.url_open(
                f"/mail/unfollow?model={REQUEST}&res_id={self.request.id}"
                f"&pid={pid}&token={token}"
            )
            self.assertEqual(response.status_code, 403)
            self.assertIn(NOT_YOURS, response.text)
