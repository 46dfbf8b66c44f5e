import base64

from odoo.exceptions import UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged

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
