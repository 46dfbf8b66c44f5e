from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .test_letter import LetterCase

WORDS = {"correction": "The name is written right now.", "reason": "A slip."}


@tagged("post_install", "-at_install")
class TestLetterReissue(LetterCase):
    """A letter with a mistake is replaced by another, and stays on record."""

    def _reissue(self, decision, user=None, **given):
        request = decision.request_id.with_user(user or self.manager)
        values = {**WORDS, **given}
        return call_kw(request, "action_reissue_letter", [request.ids], values)

    def _seal(self):
        with self.enter_registry_test_mode():
            self.env.ref("beneficiary_relations.ir_cron_seal").method_direct_trigger()

    def test_sealed(self):
        """R20, R40: a corrected letter is sealed like the first; nobody changes it."""
        decision = self._answer()
        self._reissue(decision)
        letter = decision.reissue_ids
        self.assertFalse(letter.seal_id)
        self._seal()
        self.assertTrue(letter.seal_id)
        for values in (
            {"correction": "Another word."},
            {"replaces": "L/0"},
            {"date": "2020-01-01"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                letter.sudo().write(values)
        with self.assertRaises(UserError):
            letter.sudo().unlink()

    def test_reissue(self):
        """R20, R40: the new letter has its own number and names the old one."""
        self.file.lang = "en_US"
        decision = self._answer()
        number, day = decision.letter_number, decision.letter_date
        self._seal()
        self._reissue(decision)
        again = decision.reissue_ids
        self.assertEqual((decision.letter_number, decision.letter_date), (number, day))
        self.assertEqual((again.replaces, again.replaces_date), (number, day))
        self.assertNotEqual(again.name, number)
        self.assertEqual(decision.request_id.letter_number, again.name)
        page = self._print(decision)
        for words in (again.name, f"The letter {number} of", WORDS["correction"]):
            self.assertIn(words, page)
        self.assertNotIn(WORDS["reason"], page)
        self._reissue(decision, correction="The file number too.")
        self.assertEqual(decision.reissue_ids.sorted("id")[-1].replaces, again.name)
        self.assertEqual(len(decision.reissue_ids), 2)

    def test_the_applicant_is_told(self):
        """R20, R22: each corrected letter is told once, on the person's own ways."""
        decision = self._answer()
        request = decision.request_id
        for times in (1, 2):
            self._reissue(decision)
            told = request.notice_ids.filtered(lambda one: one.event == "letter")
            self.assertEqual(
                sorted(told.mapped("channel")), sorted(["email", "sms"] * times)
            )
        mail = told.filtered(lambda one: one.channel == "email")[:1].mail_message_id
        self.assertIn(request.name, mail.subject)
        self.assertIn(request.access_url, mail.body)
        self.assertNotIn(WORDS["reason"], mail.body)

    def test_told_by_letter(self):
        """R20: who is told by letter gets the number of the corrected one."""
        self.file.write({"email": False, "phone": "0110000000"})
        decision = self._answer()
        self._reissue(decision)
        notice = decision.request_id.notice_ids.filtered(
            lambda one: one.event == "letter"
        )
        self.assertEqual((notice.channel, notice.state), ("hand", "waiting"))
        letter = self._channel("letter")
        notice.with_user(self.officer).action_told(letter.id, "Handed over")
        contact = decision.request_id.interaction_ids.sorted("id")[-1]
        self.assertEqual(contact.letter_number, decision.reissue_ids.name)

    def test_who_may(self):
        """R40: only managers do, and say what and why."""
        decision = self._answer()
        for user in (self.officer, self.chair, self.delegate, self.auditor):
            with self.assertRaises(AccessError):
                self._reissue(decision, user)
        for name in WORDS:
            with self.assertRaisesRegex(UserError, "Write"):
                self._reissue(decision, **{name: " "})
        self.assertFalse(decision.reissue_ids)

    def test_not_before_the_reply(self):
        """R21: there is nothing to replace while the reply is held."""
        request = self._hold()
        with self.assertRaisesRegex(UserError, "There is no letter yet"):
            self._reissue(request.decision_ids)

    def test_nobody_edits_one(self):
        """R20: no user writes, makes or deletes a reissued letter by hand."""
        decision = self._answer()
        self._reissue(decision)
        again = decision.reissue_ids.with_user(self.manager)
        for method, args in (("write", [{"name": "1"}]), ("unlink", [])):
            with self.assertRaises(AccessError):
                call_kw(again, method, [again.ids, *args], {})
        with self.assertRaises(AccessError):
            call_kw(again, "create", [{"name": "1"}], {})
