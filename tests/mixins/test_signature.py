import base64

from lxml import etree

from odoo.exceptions import UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from ..committee.common import SessionCase
from ..common import PIXEL, pdf_base64

# Values that are true in Python, but are no signature.
NOTHING = ("!!!", " ", "=", "\n", "توقيع")
NEEDED = "needs a signature"


@tagged("post_install", "-at_install")
class TestSignature(SessionCase):
    """A signature is a drawing or a scan; an empty value is refused."""

    def _refuse(self, actor, records, message, method, **given):
        records = self._as(actor, records)
        with self.assertRaisesRegex(UserError, message):
            call_kw(records, method, [records.ids], given)

    def test_receipt(self):
        """R25: an empty signature or an empty paper does not confirm a receipt."""
        delivery = self._plan_delivery(self._make_request("registered"), amount=50)
        given = {"handed_on": str(self.company._get_beneficiary_today())}
        for value in NOTHING:
            for name in ("signature", "paper"):
                with self.subTest(value=value, name=name):
                    self._refuse(
                        "officer",
                        delivery,
                        NEEDED,
                        "action_receive",
                        **{name: value},
                        **given,
                    )
        self._refuse(
            "officer",
            delivery,
            "thumbprint needs the scanned paper",
            "action_receive",
            signature=PIXEL,
            paper="!!!",
            witness_1="أول",
            witness_2="ثان",
            **given,
        )
        self.assertEqual(delivery.state, "planned")

    def test_receipt_on_the_portal(self):
        """R25, R42: an empty signature from the portal does not confirm it either."""
        request = self._make_request("registered")
        delivery = self._plan_delivery(request, amount=50)
        self._hand_over(delivery)
        with self.assertRaisesRegex(UserError, NEEDED):
            self._as("applicant", request)._portal_receive(
                delivery.id, "سالم المثال", "!!!"
            )
        self.assertEqual(delivery.state, "handed")

    def test_declaration(self):
        """R16: an empty signature makes no declaration; its paper is a photo or PDF."""
        request = self._make_request("verified")
        given = {"signed_by": "سالم المثال"}
        for value in NOTHING:
            for name in ("signature", "paper"):
                with self.subTest(value=value, name=name):
                    self._refuse(
                        "officer",
                        request,
                        NEEDED,
                        "action_declare",
                        **{name: value},
                        **given,
                    )
        with self.assertRaisesRegex(ValidationError, "not a photo or a PDF"):
            self._as("officer", request).action_declare(
                paper=base64.b64encode(b"<svg/>"), **given
            )
        self.assertEqual(request.state, "verified")
        self._as("officer", request).action_declare(paper=pdf_base64(), **given)
        self.assertEqual(request.declaration_id.method, "paper")

    def test_drawn_by_hand(self):
        """R16, R25: no screen offers to write the name, or to load a picture of it."""
        views = self.env["ir.ui.view"].search([("arch_db", "ilike", "signature")])
        ours = views.filtered(lambda view: "beneficiary" in (view.xml_id or ""))
        self.assertGreaterEqual(len(ours), 5)
        signed = set()
        for view in ours:
            tree = etree.fromstring(view.arch)
            with self.subTest(view=view.xml_id):
                self.assertFalse(tree.xpath("//*[@widget='signature']"))
                self.assertFalse(tree.xpath("//*[@t-call='portal.signature_form']"))
            if tree.xpath("//field[@widget='beneficiary_signature']"):
                signed.add(view.model)
        forms = {
            name
            for name, model in self.env.items()
            if model._transient
            and name.startswith("beneficiary.")
            and "signature" in model._fields
        }
        self.assertEqual(signed, forms)

    def test_what_is_signed_is_in_sight(self):
        """R25: amount and goods stand in the form of the receipt, beside the pen."""
        delivery = self._plan_delivery(
            self._make_request("registered"), amount=50, goods="سلة غذائية"
        )
        form = Form(
            self._as("officer", self.env["beneficiary.delivery.move"]).with_context(
                default_delivery_id=delivery.id, default_move="receive"
            )
        )
        self.assertEqual((form.amount, form.goods), (50, "سلة غذائية"))
        request = self._make_request("verified", amount_requested=700)
        form = Form(
            self._as("officer", self.env["beneficiary.request.move"]).with_context(
                default_request_id=request.id, default_move="declare"
            )
        )
        self.assertEqual(form.amount_requested, 700)
        self.assertEqual(form.service_id, request.service_id)
        self.assertTrue(form.declaration_text)

    def test_who_held_the_device(self):
        """R16, R25: the account in whose session was signed is on record and paper."""
        with_officer = self._make_request("declared")
        on_portal = self._make_request("verified")
        self._as("applicant", on_portal)._portal_sign("سالم المثال", PIXEL)
        on_paper = self._make_request("verified")
        self._as("officer", on_paper).action_declare(
            signed_by="سالم المثال", paper=PIXEL
        )
        for request, user in (
            (with_officer, self.officer),
            (on_portal, self.applicant),
        ):
            self.assertEqual(request.declaration_id.taken_by_id, user)
            words = self._as("officer", request).declaration_device_words
            self.assertIn(user.name, words)
        self.assertFalse(on_paper.declaration_device_words)
        delivery = self._plan_delivery(self._make_request("registered"), amount=50)
        self._receive(delivery)
        self.assertIn(self.officer.name, self._as("auditor", delivery).device_words)
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "beneficiary_relations.delivery_report", delivery.ids
        )
        self.assertIn(self.officer.name, html.decode().split("Receipt</h2>")[-1])

    def test_method(self):
        """R16: with a signed paper and an empty drawing, the method is the paper."""
        request = self._make_request("verified")
        self._as("officer", request).action_declare(
            signed_by="سالم المثال", signature="!!!", paper=PIXEL
        )
        self.assertEqual(request.declaration_id.method, "paper")

    def test_minutes(self):
        """R19: minutes need a real signature, and a real scan to be closed on."""
        session = self._reach("minutes")
        for value in (*NOTHING, 7, [PIXEL]):
            with self.subTest(value=value):
                self._refuse(
                    "member",
                    session,
                    "Draw your signature",
                    "action_sign",
                    signature=value,
                )
        self.assertFalse(session.attendance_ids.filtered("signed_on"))
        for value in NOTHING:
            with self.subTest(paper=value), self.assertRaises(ValidationError):
                self._as("chair", session).write(
                    {"signed_paper": value, "signed_paper_name": "scan.pdf"}
                )
        with self.assertRaisesRegex(UserError, "have not signed yet"):
            self._as("chair", session).action_close()
