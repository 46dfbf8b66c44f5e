from odoo import Command
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ..common import PIXEL
from ..request.common import PortalCase, select


@tagged("post_install", "-at_install", "with_demo")
class TestDeliveryPortal(PortalCase):
    """The deliveries on the applicant's page, and the signature of the receipt."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.applicant | cls.neighbour).lang = "en_US"

    def setUp(self):
        super().setUp()
        self.request = self._make_request("registered")
        self.delivery = self._plan_delivery(self.request, amount=250)

    def _sign_receipt(self, delivery, request=None, **given):
        """Send the same data as the signature form of the page."""
        request = request or self.request
        result = self.make_jsonrpc_request(
            f"/my/requests/{request.id}/deliveries/{delivery.id}/sign",
            {"name": "سالم المثال", "signature": PIXEL, **given},
        )
        self.env.invalidate_all()
        return result

    def _get_request_page(self):
        return self._get(f"/my/requests/{self.request.id}")

    def _has_form(self, page):
        return bool(
            page.xpath("//owl-component[@name='beneficiary_relations.signature_form']")
        )

    def test_list(self):
        """R26: the applicant sees goods, amount, day, place and state of deliveries."""
        self._plan_delivery(self.request).action_cancel("A mistake")
        page = self._get_request_page()
        lines = select(page, "section.o_br_deliveries li")
        self.assertEqual(
            [line.get("data-state") for line in lines], ["planned", "cancelled"]
        )
        text = " ".join(lines[0].text_content().split())
        for expected in ("250.00", "A food basket", "AH)", "The office", "Planned"):
            self.assertIn(expected, text)
        self.assertNotIn("A mistake", page.text_content())
        self.assertFalse(self._has_form(page))

    def test_nothing_before_registration(self):
        """R21: the page has no section on deliveries before one is planned."""
        request = self._make_request("in_review")
        page = self._get(f"/my/requests/{request.id}")
        self.assertFalse(select(page, "section.o_br_deliveries"))

    def test_sign(self):
        """R25, R33: the applicant signs once for a delivery that was handed over."""
        self._hand_over(self.delivery)
        page = self._get_request_page()
        self.assertTrue(self._has_form(page))
        self.assertFalse(select(page, "details.o_br_withdraw"))
        result = self._sign_receipt(self.delivery)
        self.assertEqual(
            result,
            {
                "force_refresh": True,
                "redirect_url": f"/my/requests/{self.request.id}?done=received",
            },
        )
        self.assertEqual(self.delivery.state, "received")
        self.assertEqual(self.delivery.method, "portal")
        self.assertEqual(self.delivery.recorded_by_id, self.applicant)
        self.assertEqual(self.request.state, "registered", "Nothing moves by itself")
        page = self._get(result["redirect_url"])
        self.assertIn("your receipt is signed", page.text_content())
        self.assertFalse(self._has_form(page))
        received_on = self.delivery.received_on
        self.assertEqual(self._sign_receipt(self.delivery), result)  # it comes twice
        self.assertEqual(self.delivery.received_on, received_on)

    def test_one_after_the_other(self):
        """R25: the page asks for the receipts of several deliveries one by one."""
        second = self._plan_delivery(self.request, amount=10)
        for delivery in (self.delivery, second):
            self._hand_over(delivery)
        for delivery in (self.delivery, second):
            props = self._get_request_page().xpath("//owl-component/@props")[0]
            self.assertIn(f"/deliveries/{delivery.id}/sign", props)
            self.assertIn("redirect_url", self._sign_receipt(delivery))
        self.assertFalse(self._has_form(self._get_request_page()))

    def test_read_the_receipt(self):
        """R25, R26: the applicant can download the receipt once it is signed."""
        address = (
            f"/my/requests/{self.request.id}/deliveries/{self.delivery.id}/receipt"
        )

        def is_refused(url):
            return self.url_open(url).url.endswith("/my")

        self._hand_over(self.delivery)
        self.assertFalse(select(self._get_request_page(), "a.o_br_receipt_paper"))
        self.assertTrue(is_refused(address))
        self._sign_receipt(self.delivery)
        (link,) = select(self._get_request_page(), "a.o_br_receipt_paper")
        self.assertEqual(link.get("href"), address)
        response = self.url_open(address)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        # Tests render the page that becomes the PDF.
        self.assertIn(self.delivery.name, response.text)
        self.assertIn(
            self.delivery.name.replace("/", "-"),
            response.headers["Content-Disposition"],
        )
        theirs = self._make_request("registered", beneficiary_id=self.neighbour_file.id)
        through = f"/my/requests/{theirs.id}/deliveries/{self.delivery.id}/receipt"
        self._sign_in(self.neighbour)
        for url in (address, through):
            with self.subTest(url=url):
                self.assertTrue(is_refused(url))

    def test_not_before_the_hand_over(self):
        """R25: nobody can sign for a planned or cancelled delivery."""
        cancelled = self._plan_delivery(self.request, amount=10)
        cancelled.action_cancel("A mistake")
        for delivery in (self.delivery, cancelled):
            state = delivery.state
            self.assertIn(
                "not possible any more", self._sign_receipt(delivery)["error"]
            )
            self.assertEqual(delivery.state, state)

    def test_not_what_is_another_s(self):
        """R43: nobody signs for another person's delivery, through any request."""
        theirs = self._make_request("registered", beneficiary_id=self.neighbour_file.id)
        delivery = self._plan_delivery(theirs, amount=10)
        self._hand_over(delivery)
        self.assertIn("not possible any more", self._sign_receipt(delivery)["error"])
        self.assertIn("not yours", self._sign_receipt(delivery, theirs)["error"])
        self._sign_in(self.neighbour)
        self._hand_over(self.delivery)
        self.assertIn("not yours", self._sign_receipt(self.delivery)["error"])
        self.assertIn(
            "not possible any more", self._sign_receipt(self.delivery, theirs)["error"]
        )
        self.assertEqual(
            (self.delivery | delivery).mapped("state"), ["handed", "handed"]
        )

    def test_what_is_signed_with(self):
        """R25: a receipt needs the signer's name and a drawing; messages say so."""
        self._hand_over(self.delivery)
        for given, words in (
            ({"name": "His cousin"}, "in the name of سالم المثال"),
            ({"name": None}, "Write your name and draw your signature"),
            ({"name": ["x"]}, "Write your name and draw your signature"),
            ({"signature": ""}, "needs a signature"),
            ({"signature": "eA=="}, "ليس صورة"),  # in the association's language
            ({"signature": "é"}, "needs a signature"),
        ):
            with self.subTest(given=given):
                self.assertIn(
                    words, self._sign_receipt(self.delivery, **given)["error"]
                )
        self.assertEqual(self.delivery.state, "handed")

    def test_representatives(self):
        """R33: only a representative with full scope signs on the portal.

        Staff take the receipts of the others.
        """
        self._hand_over(self.delivery)
        guardian = self._make_user("br_guardian", None, self.company)
        guardian.lang = "en_US"
        representative = self.env["beneficiary.representative"].create(
            {
                "beneficiary_id": self.file.id,
                "name": "خالد المثال",
                "user_id": guardian.id,
                "scope": "receipt",
                "date_from": "2020-01-01",
            }
        )
        self._sign_in(guardian)
        given = {"name": "خالد المثال"}
        self.assertIn("not yours", self._sign_receipt(self.delivery, **given)["error"])
        representative.scope = "requests"
        self.assertFalse(self._has_form(self._get_request_page()))
        self.assertIn("role", self._sign_receipt(self.delivery, **given)["error"])
        representative.scope = "all"
        self.assertTrue(self._has_form(self._get_request_page()))
        wrong = self._sign_receipt(self.delivery)
        self.assertIn("in the name of خالد المثال", wrong["error"])
        self.assertIn("redirect_url", self._sign_receipt(self.delivery, **given))
        self.assertEqual(self.delivery.representative_id, representative)
        self.assertEqual(self.delivery.received_by, "خالد المثال")

    def test_not_signed_in(self):
        """R25: a visitor who is not signed in cannot sign a receipt."""
        self._hand_over(self.delivery)
        self.authenticate(None, None)
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._sign_receipt(self.delivery)
        self.assertEqual(self.delivery.state, "handed")

    @mute_logger("odoo.http")
    def test_rpc(self):
        """Safety: portal users can neither read nor change deliveries over RPC."""
        self._hand_over(self.delivery)
        model = "beneficiary.delivery"
        ids = self.delivery.ids
        for method, args in (
            ("read", [ids, ["name"]]),
            ("search", [[]]),
            ("write", [ids, {"amount": 1}]),
            ("create", [{"request_id": self.request.id}]),
            ("action_receive", [ids, "سالم المثال", None, PIXEL]),
            ("action_hand_over", [ids]),
            ("action_cancel", [ids, "x"]),
        ):
            with self.subTest(method=method), self.assertRaises(JsonRpcException):
                self._rpc(model, method, *args)
        for names in (["delivery_ids"], ["amount_planned"], ["delivery_count"]):
            with self.assertRaises(JsonRpcException):
                self._rpc("beneficiary.request", "read", self.request.ids, names)
        with self.assertRaises(JsonRpcException):
            self._rpc(
                "beneficiary.request",
                "write",
                self.request.ids,
                {"delivery_ids": [Command.update(ids[0], {"amount": 1})]},
            )
        self.assertEqual((self.delivery.state, self.delivery.amount), ("handed", 250))
