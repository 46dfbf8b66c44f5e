from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import PIXEL, BeneficiaryCommon
from .common import PortalCase

REQUEST = "beneficiary.request"
REFUSED = "cannot sign this declaration"


@tagged("post_install", "-at_install")
class TestSigner(BeneficiaryCommon):
    """R16: the applicant or a recorded representative signs, and nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls._make_request(cls(), "verified")
        cls.line = cls.env["beneficiary.representative"].create(
            {
                "beneficiary_id": cls.file.id,
                "name": "عبدالله الوكيل",
                "date_from": "2020-01-01",
            }
        )

    def _sign(self, name, request=None):
        request = request or self.request
        return self._call_as(
            self.officer, REQUEST, "action_declare", request.ids, name, PIXEL
        )

    def assertSigns(self, name, request=None):
        request = request or self.request
        with self.env.cr.savepoint() as savepoint:
            self._sign(name, request)
            self.assertEqual(request.declaration_signed_by, " ".join(name.split()))
            savepoint.rollback()
        self.env.invalidate_all()

    def test_desk(self):
        """R16: a name that is neither is refused, with what to do about it."""
        for name in ("سعيد الغريب", "سالم", "x", self.officer.name):
            with self.subTest(name=name):
                with self.assertRaisesRegex(UserError, REFUSED) as refused:
                    self._sign(name)
                self.assertIn("entered as a representative", str(refused.exception))
                self.assertIn(self.file.name, str(refused.exception))
        self.assertEqual(self.request.state, "verified")

    def test_spellings(self):
        """R16: the spelling of the name makes no difference."""
        for name in ("سالم المثال", " سَالم  المثال ", "عبد الله الوكيل"):
            self.assertSigns(name)

    def test_period_and_scope(self):
        """R33: who spoke for the file, or only collects, does not sign."""
        for vals in (
            {"date_to": "2020-12-31"},
            {"date_from": "2050-01-01"},
            {"scope": "receipt"},
        ):
            with self.subTest(vals=vals):
                before = {name: self.line[name] for name in vals}
                self.line.write(vals)
                with self.assertRaisesRegex(UserError, REFUSED):
                    self._sign(self.line.name)
                self.line.write(before)
        self.line.scope = "requests"
        self.assertSigns(self.line.name)

    def test_body_and_family(self):
        """R32: for a body its representative signs; for a family, its head."""
        body = self.env["beneficiary.beneficiary"].create(
            {"name": "جمعية المثال", "kind": "organisation", "phone": "0500000077"}
        )
        request = self._make_request(beneficiary_id=body.id)
        self._advance(request, "verified")
        with self.assertRaisesRegex(UserError, "Nobody can sign for this file yet"):
            self._sign(body.name, request)
        self.line.copy({"beneficiary_id": body.id})
        self.assertSigns(self.line.name, request)
        self.file.write({"kind": "family", "name": "أسرة سالم المثال"})
        self.file.with_user(self.officer).action_match("The card")
        self.assertSigns("سالم المثال")

    def test_form(self):
        """R16: the form says who may sign."""
        wizard = self.env["beneficiary.request.move"].with_user(self.officer)
        with Form(
            wizard.with_context(
                default_request_id=self.request.id, default_move="declare"
            )
        ) as form:
            self.assertIn(self.file.name, form.signers)
            self.assertIn(self.line.name, form.signers)
            form.signed_by = "سعيد الغريب"
            form.signature = PIXEL
        with self.assertRaisesRegex(UserError, REFUSED):
            form.record.action_confirm()


@tagged("post_install", "-at_install")
class TestSignerPortal(PortalCase):
    """R16: on the portal people sign in their own name."""

    def test_applicant(self):
        """R16: the applicant signs as the applicant, not as somebody else."""
        request = self._make_request("verified")
        result = self._sign(request, "سعيد الغريب")
        self.assertIn("سعيد الغريب", result["error"])
        self.assertEqual(request.state, "verified")
        self._sign(request)
        self.assertEqual(request.state, "declared")

    def test_guardian(self):
        """R33: a guardian signs in the guardian's name, not in the ward's."""
        request = self._make_request("verified")
        self.file.portal_user_ids = [Command.clear()]
        guardian = self._make_guardian()
        self._sign_in(guardian)
        self.assertIn(self.file.name, self._sign(request, self.file.name)["error"])
        self.assertEqual(request.state, "verified")
        self._sign(request, "Guardian")
        self.assertEqual(request.declaration_signed_by, "Guardian")
