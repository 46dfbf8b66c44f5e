from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install")
class TestPolicyForce(BeneficiaryCommon):
    """What is weighed when a policy is put in force: its promises, its steps."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("ar_001")
        self.manager.lang = "en_US"  # the tests compare messages
        policy = self.company._get_beneficiary_policy()
        self.draft = policy.copy().with_user(self.manager)

    def _put_in_force(self, **vals):
        """Put a copy of the draft with ``vals`` in force; return a refusal, if any."""
        draft = self.draft.copy(vals)
        try:
            draft.action_put_in_force()
        except UserError as error:
            self.assertEqual(draft.state, "draft")
            return str(error)
        self.assertEqual(draft.state, "in_force")
        return None

    def test_promise(self):
        """R21: "two weeks" is neither one day, nor 30, nor without a floor."""
        for days, unit, least in (
            (1, "calendar", 0),
            (14, "calendar", 0),
            (13, "calendar", 14),
            (30, "calendar", 30),
            (9, "working", 14),
            (10, "working", 0),
        ):
            with self.subTest(days=days, unit=unit, least=least):
                refusal = self._put_in_force(
                    review_days=days, review_unit=unit, review_minimum_days=least
                )
                self.assertIn("promises another period", refusal)
                self.assertIn("not less than two weeks", refusal)
        self.assertFalse(self._put_in_force())
        self.assertFalse(self._put_in_force(review_unit="working", review_days=10))

    def test_promise_in_arabic(self):
        """R21: the Arabic text promises too, in words and in digits."""
        for text, refused in (
            ("خلال مدة لا تقل عن أسبوعين", False),
            ("خلال مدة لا تقل عن ١٤ يومًا", False),
            ("خلال مدة لا تقل عن أربعة عشر يومًا", False),
            ("خلال ثلاثين يوم عمل", True),
            ("خلال أسبوع", True),
            ("يصلكم الرد قريبًا", False),
        ):
            with self.subTest(text=text):
                draft = self.draft.copy()
                draft.with_context(lang="ar_001").notice_text = text
                if refused:
                    with self.assertRaisesRegex(UserError, text):
                        draft.action_put_in_force()
                else:
                    draft.action_put_in_force()
                    self.assertEqual(draft.state, "in_force")

    def test_promise_of_the_step(self):
        """R17, R21: what the step of the notice says counts as well."""
        step = self.draft.step_ids.filtered(lambda step: step.code == "notify")
        step.description = "Tell the applicant: within 30 working days."
        self.assertIn("30 working days", self._put_in_force(notice_text=False))
        self.assertFalse(
            self._put_in_force(notice_text=False, review_days=30, review_unit="working")
        )

    def test_empty_texts(self):
        """R16, R17: a full stop is no notice and no declaration."""
        self.assertIn("says nothing", self._put_in_force(notice_text="."))
        self.assertIn("says nothing", self._put_in_force(declaration_text="x"))

    def test_steps_left_out(self):
        """R10: the form says what will not be done and recorded, and the record too."""
        self.assertFalse(self.draft.left_out)
        self.draft.step_ids.filtered(
            lambda step: step.code in ("declare", "notify")
        ).unlink()
        form = Form(self.draft)
        self.assertIn("nobody signs", str(form.left_out))
        self.assertIn("without the applicant being told", str(form.left_out))
        self.assertNotIn("Reception", str(form.left_out))
        self.draft.action_put_in_force()
        self.assertIn("nobody signs", self.draft.message_ids[0].body)

    def test_typed_words_are_kept(self):
        """R10: what was written about a step that the policy leaves out stays."""
        self.draft.step_ids.filtered(
            lambda step: step.code in ("receive", "verify", "notify", "register")
        ).unlink()
        self.draft.action_put_in_force()
        request = self._make_request("registered")
        evidence = {step.code: step.evidence for step in request.step_ids}
        self.assertEqual(evidence["receive"], "Asked")
        self.assertEqual(evidence["verify"], "All compared")
        self.assertEqual(evidence["notify"], "Told of committee and period")
        self.assertIn("register", evidence)
