import re
from unittest.mock import patch
from urllib.parse import urlsplit

from reportlab.graphics.barcode.qrencoder import QRCode

from odoo.tests import tagged

from .test_tour_signin import SigninTourCase


@tagged("post_install", "-at_install", "without_demo", "beside_apps")
class TestReachTour(SigninTourCase):
    """Getting in, links that are sent, and leaving, in Arabic, on a small telephone."""

    def setUp(self):
        super().setUp()
        for user in (self.officer, self.applicant, self.neighbour):
            user.lang = "ar_001"

    def _start_link(self, link, tour, **kwargs):
        """Open a link that was sent, and go on by ``tour``."""
        parts = urlsplit(link.replace("&amp;", "&"))
        self.start_tour(f"{parts.path}?{parts.query}", tour, **kwargs)
        self.env.invalidate_all()

    def test_invited_without_email(self):
        """R46: an officer invites by text and on paper; both lead to their page."""
        self.person.email = False
        self.start_tour(
            f"/odoo/beneficiary-files/{self.person.id}",
            "beneficiary_reach_invite",
            login=self.officer.login,
        )
        self.env.invalidate_all()
        ((_number, text, _company),) = self.texts
        (link,) = re.findall(r"https?://\S+", text)
        self._start_link(link, "beneficiary_reach_home")
        self.assertTrue(self.person.portal_user_ids.login_date)
        request = self._make_request("submitted", beneficiary_id=self.person.id)
        add, links = QRCode.addData, []

        def read(square, data):
            links.append(data)
            add(square, data)

        with patch.object(QRCode, "addData", read):
            reports = self.env["ir.actions.report"]
            reports._render_qweb_html(
                "beneficiary_relations.request_report", request.ids
            )
        (link,) = [link for link in links if "/my/signin" in link]
        self._start_link(link, "beneficiary_reach_paper")

    def test_link_in_an_email(self):
        """R26: it opens its page, or says in plain words that it is somebody else's."""
        request = self._make_request("submitted")
        message = request.with_user(self.officer).message_post(
            body="نرجو الاتصال بنا",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.applicant.partner_id.ids,
        )
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        mail = mails.filtered(
            lambda mail: self.applicant.partner_id in mail.recipient_ids
        )
        (link,) = set(re.findall(r'href="([^"]*/mail/view[^"]*)"', mail.body_html))
        for tour, login in (
            ("signed_in", self.applicant.login),
            ("signed_out", None),
            ("not_yours", self.neighbour.login),
        ):
            with self.subTest(tour=tour):
                self._start_link(link, f"beneficiary_reach_{tour}", login=login)
        self.assertEqual(request.state, "submitted")

    def test_odoo_account(self):
        """R26: Odoo's account pages lead to the file, and nothing typed is lost."""
        self.start_tour(
            "/my/account", "beneficiary_reach_account", login=self.applicant.login
        )
        change = self.env["beneficiary.change"].search(
            [("beneficiary_id", "=", self.file.id)]
        )
        self.assertEqual(
            change.line_ids.mapped(lambda line: (line.name, line.value)),
            [("city", "أبها")],
        )

    def test_leave_and_come_back(self):
        """R43, R51: a code proves a copy; the file outlives the account, and a new
        invitation lets the person in."""
        invite = self.person.with_user(self.officer).action_invite_to_portal
        invite("paper")
        before = self.person.read(["name", "phone", "identity_number", "state"])
        self.start_tour("/my/signin?redirect=/my/data", "beneficiary_reach_leave")
        self.env.invalidate_all()
        self.assertFalse(self.person.portal_user_ids)
        self.assertEqual(
            self.person.read(["name", "phone", "identity_number", "state"]), before
        )
        self.assertEqual(len(self.person.activity_ids), 1, "the office is told")
        invite("paper")
        self.start_tour("/my/signin", "beneficiary_reach_home")
