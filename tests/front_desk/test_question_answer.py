from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..referral.common import ReferralCase


@tagged("post_install", "-at_install")
class TestQuestionAnswer(ReferralCase):
    def _share(self, referral, user=None, **vals):
        """Open an entry with the referral's button, fill it in and save it."""
        user = user or self.researcher
        action = referral.with_user(user).action_view_question_answer()
        entries = self.env["beneficiary.question.answer"].with_user(user)
        form = Form(entries.with_context(**action["context"]))
        # The question is not copied: it may name somebody.
        self.assertFalse(form.question)
        self.assertFalse(form.answer)
        form.question = vals.get("question", "هل يُقبل عقد الإيجار إثباتًا للسكن؟")
        form.answer = vals.get("answer", "نعم، ما دام العقد ساريًا.")
        return form.save()

    def test_an_answer_is_shared(self):
        """R15: an answered clarification becomes an entry that the front desk finds."""
        referral = self._reach("clarification", "answered")
        entry = self._share(referral)
        self.assertEqual(
            (entry.service_id, entry.company_id), (self.service, self.company)
        )
        opened = referral.with_user(self.officer).action_view_question_answer()
        self.assertEqual(opened["res_id"], entry.id)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(ValidationError, "already"),
        ):
            # As from a form that was opened before the entry was saved.
            entry.with_user(self.researcher).copy({"referral_id": referral.id})

    def test_search_in_any_spelling(self):
        """R44, People: an entry is found by words in any spelling."""
        entry = self._share(self._reach("clarification", "answered"))
        entries = self.env["beneficiary.question.answer"].with_user(self.delegate)
        for words in ("إثباتا", "اثباتا للسكن", "ساريا الايجار", "نعم"):
            with self.subTest(words=words):
                found = entries.search([("display_name", "ilike", words)])
                self.assertEqual(found, entry.with_user(self.delegate))
        self.assertFalse(entries.search([("display_name", "ilike", "اثباتا مرفوض")]))

    def test_only_answered_clarifications(self):
        """R15: a case study, or an unanswered question, cannot become an entry."""
        for kind, state in (
            ("clarification", "sent"),
            ("clarification", "declined"),
            ("case_study", "answered"),
        ):
            with (
                self.subTest(kind=kind, state=state),
                self.assertRaisesRegex(ValidationError, "answered clarification"),
            ):
                self._share(self._reach(kind, state))

    def test_nobody_is_named(self):
        """R43: an entry holds no name and no long number, as all branches read it."""
        referral = self._reach("clarification", "answered")
        for text in (
            "سألت الأسرة: سالم المثال يسكن مع والده",
            "رقم هويته ١٠٠٠٠٠٠٠٠٨",
            "اتصل على 050 000 0001",
            "SA0380000000608010167519",
        ):
            with (
                self.subTest(text=text),
                self.assertRaisesRegex(ValidationError, "who asked"),
            ):
                self._share(referral, question=text)
        self.assertTrue(self._share(referral, answer="خلال 15 يومًا، ورسومه 1000 ريال"))

    def test_where_it_came_from_is_hidden(self):
        """R6, R43: a delegate reads another branch's entry, but not its referral."""
        self.file.branch_id = self.env["beneficiary.branch"].create({"name": "South"})
        self.request = self._make_request("submitted")
        entry = self._share(self._reach("clarification", "answered"))
        seen = entry.with_user(self.delegate)
        self.assertTrue(seen.question)
        with self.assertRaises(AccessError):
            seen.read(["referral_id"])
        with self.assertRaises(AccessError):
            seen.search([("referral_id", "!=", False)])
        self.assertTrue(entry.with_user(self.officer).referral_id)

    def test_other_association(self):
        """R43: other associations cannot read or make entries here."""
        entry = self._share(self._reach("clarification", "answered"))
        referral = self._reach("clarification", "answered")
        entries = self._as("outsider", self.env["beneficiary.question.answer"])
        self.assertFalse(entries.search([]))
        with self.assertRaises(AccessError):
            self._as("outside_researcher", entry).read(["question"])
        with self.assertRaises(AccessError):
            entries.create(
                {"question": "What?", "answer": "This.", "referral_id": referral.id}
            )
