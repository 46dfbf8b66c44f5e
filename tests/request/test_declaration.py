from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from ..common import PIXEL, BeneficiaryCommon, pdf_base64


@tagged("post_install", "-at_install")
class TestDeclaration(BeneficiaryCommon):
    def test_a_change_voids(self):
        """R16: editing a declared item voids the declaration, with a reason."""
        paper = self._make_document(self.file, self.identity_type)
        for record, vals in (
            (self.file, {"name": "سالم بن سعد المثال"}),
            (self.file, {"identity_number": "1000000016"}),
            (self.file, {"birth_date": date(1990, 1, 1)}),
            (self.file, {"kind": "family"}),
            (self.file, {"street": "شارع المثال"}),
            (paper, {"number": "2000000006"}),
            (paper, {"expiry_date": date(2040, 1, 1)}),
            (paper, {"file": pdf_base64()}),
        ):
            with self.subTest(vals=list(vals)):
                request = self._make_request("declared")
                declaration = request.declaration_id
                record.with_user(self.officer).write(vals)
                self.assertEqual(request.state, "verified")
                self.assertTrue(declaration.voided_on)
                self.assertEqual(
                    request.declaration_void_reason, declaration.void_reason
                )
                self.assertFalse(request._get_steps("declare"))
                record.with_user(self.officer).action_match("The original")
                self.file.with_user(self.officer).action_match("The card")
                self._advance(request, "declared")
                self.assertNotEqual(request.declaration_id, declaration)
                self._advance(request, "in_review")

    def test_household_and_income(self):
        """R16: a change in any row of household or income voids the declaration."""
        member = self.env["beneficiary.household.member"].create(
            {"beneficiary_id": self.file.id, "name": "نورة المثال"}
        )
        lines = self.env["beneficiary.income.line"].with_user(self.officer)
        salary = lines.create(
            {"beneficiary_id": self.file.id, "type": "salary", "amount": 4000}
        )
        changes = (
            lambda: member.with_user(self.officer).write({"income": 900}),
            lambda: salary.write({"amount": 5000}),
            lambda: salary.copy({"type": "food"}),
            lambda: salary.unlink(),
            lambda: self.file.with_user(self.officer).write({"housing_rent": 700}),
            lambda: member.with_user(self.officer).write({"relation": "sibling"}),
        )
        for number, change in enumerate(changes):
            with self.subTest(number=number):
                request = self._make_request("declared")
                change()
                self.assertEqual(request.state, "verified")
                self.assertIn("has not been matched", self._refused_raise(request))
                request.with_user(self.officer).action_cancel(reason="Enough")

    def _refused_raise(self, request):
        """Sign the request again, and return the checklist that refuses to raise it."""
        request.with_user(self.officer).action_declare(
            signed_by="سالم المثال", signature=PIXEL
        )
        return str(request.checklist)

    def test_what_voids_nothing(self):
        """R16: other data and unchanged values do not void the declaration."""
        request = self._make_request("declared")
        self.file.with_user(self.officer).write(
            {"phone": "0500000009", "email": "new@example.com", "name": self.file.name}
        )
        self._make_document(self.file, self.identity_type, number="2000000006")
        self.assertEqual(request.state, "declared")
        self.assertFalse(request.declaration_voided_on)

    def test_before_the_committee(self):
        """R16: a committee cannot decide while the declaration is void."""
        request = self._make_request("in_review")
        decision = request.decision_ids
        self.file.with_user(self.officer).name = "سالم بن سعد المثال"
        self.assertEqual(request.state, "in_review")
        self.assertTrue(request.declaration_voided_on)
        with (
            self.assertRaisesRegex(UserError, "the declaration is void"),
            self.cr.savepoint(),
        ):
            self._decide(request)
        self.assertEqual(request.state, "in_review")
        self.assertFalse(decision.outcome)
        request.with_user(self.chair).action_return(reason="The name was changed")
        self._advance(request, "decided")

    def test_reopened_item(self):
        """R13: a verified item that is edited must be matched again."""
        request = self._make_request("submitted")
        self.file.with_user(self.officer).action_match("The card")
        verification = self.file.verification_ids
        self.assertTrue(verification.is_current)
        self.assertNotIn("“Identity”", request.checklist)
        self.file.birth_date = date(1990, 1, 1)
        self.env.invalidate_all()
        self.assertFalse(verification.is_current)
        self.assertIn("“Identity” has not been matched", request.checklist)

    def test_item_that_differs(self):
        """R13: an item that differs from its source is not verified."""
        request = self._make_request("submitted")
        self.file.with_user(self.officer)._verify_items(
            [{"item": "identity", "source": "The card", "result": "differs"}]
        )
        self.assertIn("“Identity” differs from its source", request.checklist)

    def test_who_matches(self):
        """R13: only officers match data, and nobody matches their own file."""
        for user in (self.researcher, self.auditor, self.member, self.applicant):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                call_kw(
                    self.file.with_user(user),
                    "action_match",
                    [self.file.ids],
                    {"source": "x"},
                )
        self.file.portal_user_ids |= self.officer
        with self.assertRaisesRegex(UserError, "your own file"):
            self.file.with_user(self.officer).action_match("The card")
        with self.assertRaisesRegex(UserError, "compared with"):
            self.file.with_user(self.manager).action_match(" ")
        for method in ("create", "write", "unlink"):
            verification = self.env["beneficiary.verification"].with_user(self.manager)
            self.assertFalse(verification.has_access(method))

    def test_match_on_one_page(self):
        """R13: one form lists all unmatched items; an item without a source waits."""
        request = self._make_request("submitted")
        self.file.street = "شارع المثال"
        paper = self._make_document(self.file, self.identity_type)
        wizards = self.env["beneficiary.file.match"].with_user(self.officer)
        wizards = wizards.with_context(
            default_beneficiary_id=self.file.id, default_request_id=request.id
        )
        form = Form(wizards)
        self.assertEqual(len(form.line_ids), 3)
        for number in (0, 2):
            with form.line_ids.edit(number) as line:
                line.source = "The card"
        form.save().action_confirm()
        self.assertEqual(self.file.verification_ids.mapped("item"), ["identity"])
        self.assertEqual(paper.matched_by_id, self.officer)
        form = Form(wizards)
        self.assertEqual(len(form.line_ids), 1)
        with form.line_ids.edit(0) as line:
            self.assertIn("شارع المثال", line.stated)
        with self.assertRaisesRegex(UserError, "the source that you saw"):
            form.save().action_confirm()

    def test_thumbprint(self):
        """R16: a thumbprint needs the scanned paper and two witnesses."""
        request = self._make_request("verified").with_user(self.officer)
        given = {"signed_by": "سالم المثال", "witness_1": "شاهد أول"}
        for missing in (
            {**given, "paper": pdf_base64()},
            {**given, "witness_2": "شاهد ثان", "signature": PIXEL},
        ):
            with self.assertRaisesRegex(UserError, "two witnesses"):
                request.action_declare(**missing)
        request.action_declare(**given, witness_2="شاهد ثان", paper=pdf_base64())
        self.assertEqual(request.declaration_method, "thumbprint")
        self.assertEqual(request.declaration_id.taken_by_id, self.officer)

    def test_text_is_of_the_person_and_the_version(self):
        """R16: the text is that of the policy version, in the signer's language."""
        policy = self.company._get_beneficiary_policy().copy()
        policy.with_context(lang="ar_001").declaration_text = "أقر بصحة ما قدمت."
        policy.action_put_in_force()
        request = self._make_request("declared")
        self.assertEqual(request.declaration_text, "أقر بصحة ما قدمت.")
        self.assertEqual(request.declaration_id.policy_id, policy)

    def test_sealed(self):
        """R16: the declared data are kept and sealed, and no user can read them."""
        request = self._make_request("declared")
        declaration = request.declaration_id
        self.assertIn("1000000008", declaration.payload)
        self.assertTrue(declaration._is_intact())
        for user in (self.manager, self.officer, self.auditor):
            with self.assertRaises(AccessError):
                declaration.with_user(user).read(["payload"])
            with self.assertRaises(AccessError):
                declaration.with_user(user).write({"signed_by": "Someone"})

    def test_papers_it_was_verified_with(self):
        """R13: a verified request keeps its papers when a newer one arrives."""
        request = self._make_request("verified")
        paper = request.document_ids
        self._make_document(
            self.file,
            self.identity_type,
            expiry_date=date(2020, 1, 1),
            issue_date=False,
        )
        self.assertEqual(request.document_ids, paper)
        self._advance(request, "registered")
        self.assertEqual(request.document_ids, paper)


@tagged("post_install", "-at_install")
class TestPause(BeneficiaryCommon):
    def test_due_date_moves(self):
        """R21: waiting for the applicant moves the due date, never the floor."""
        with freeze_time("2026-03-15 07:00:00"):
            request = self._make_request("in_review")
            floor, due = request.review_floor_on, request.reply_due_on
        with freeze_time("2026-03-18 07:00:00"):
            request.with_user(self.chair).action_return(reason="A paper is missing")
            self.assertFalse(request.pause_ids.date_end)
        with freeze_time("2026-03-21 09:30:00"):
            self._advance(request, "in_review")
        self.assertEqual(request.review_floor_on, floor)
        self.assertEqual(
            request.reply_due_on - due,
            request.pause_ids.date_end - request.pause_ids.date_start,
        )
        self.assertEqual((request.reply_due_on - due).days, 3)

    def test_no_pause(self):
        """R21: if the association counts waiting time, a return moves no due date."""
        self.company.beneficiary_pause_when_returned = False
        request = self._make_request("in_review")
        due = request.reply_due_on
        request.with_user(self.chair).action_return(reason="A paper is missing")
        self._advance(request, "in_review")
        self.assertFalse(request.pause_ids)
        self.assertEqual(request.reply_due_on, due)

    def test_escalation_starts_again(self):
        """R22: a return resets the escalation, so that a new delay is reported too."""
        request = self._make_request("in_review")
        request._write_flow({"escalation": "3_manager"})
        request.with_user(self.chair).action_return(reason="A paper is missing")
        self.assertEqual(request.escalation, "0_none")
