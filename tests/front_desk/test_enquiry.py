from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import InteractionCase

INTERACTION = "beneficiary.interaction"


@tagged("post_install", "-at_install")
class TestEnquiry(InteractionCase):
    """R48: each enquiry has a number, an owner, a due date and an answer."""

    def test_owed_an_answer(self):
        """R48: an enquiry not answered at once is owed an answer, as a complaint is."""
        self.startPatcher(freeze_time("2026-03-16 07:00:00"))  # a Monday
        today = self.company._get_beneficiary_today()
        for kind in ("question", "suggestion", "complaint", "dispute"):
            with self.subTest(kind=kind):
                contact = self._log(kind=kind)
                self.assertEqual(contact.answer_state, "open")
                self.assertEqual(contact.owner_id, self.officer)
                self.assertEqual(contact.answer_due_on, today + timedelta(days=7))
                self.assertEqual(contact.activity_ids.user_id, self.officer)
                self.assertRegex(contact.number, r"^E/2026/\d{5}$")
                found = self.env[INTERACTION].search(
                    [("display_name", "ilike", contact.number)]
                )
                self.assertIn(contact, found)

    def test_owed_none(self):
        """R48: what was answered at once, goes out, or is long past, is owed none."""
        long_ago = fields.Datetime.now() - timedelta(days=30)
        for vals in (
            {"outcome": "On Sunday"},
            {"direction": "out"},
            {"date": long_ago},
            {"kind": "outreach"},
        ):
            with self.subTest(vals=vals):
                contact = self._log(**vals)
                self.assertFalse(contact.answer_state or contact.number)
                self.assertFalse(contact.owner_id or contact.answer_due_on)

    def test_owner(self):
        """R48: the officer of the file owns an enquiry; who left owns nothing."""
        second = self._make_user("br_second", "officer", self.company)
        self.file.officer_id = second
        self.assertEqual(self._log().owner_id, second)
        self.assertEqual(self._log(kind="complaint").owner_id, self.officer)
        second.sudo().active = False
        self.assertEqual(self._log().owner_id, self.officer)

    def test_by_form(self):
        """R48: the form of the desk gives no owner to what was answered at once."""
        with Form(self.env[INTERACTION].with_user(self.officer)) as form:
            form.beneficiary_id = self.file
            form.channel_id = self._channel("phone")
            form.subject = "When?"
            self.assertEqual(form.owner_id, self.officer)
            form.outcome = "On Sunday"
        self.assertFalse(form.record.owner_id or form.record.answer_state)

    def test_outcome_answers(self):
        """R48: an outcome answers an open enquiry, but never a complaint."""
        enquiry, complaint = self._log(), self._log(kind="complaint")
        for contact in enquiry, complaint:
            contact.outcome = "Told on the telephone"
        self.assertEqual(enquiry.answer_state, "answered")
        self.assertEqual(enquiry.answered_by_id, self.officer)
        self.assertFalse(enquiry.activity_ids)
        self.assertEqual(complaint.answer_state, "open")
        self.assertTrue(complaint.activity_ids)

    def test_answer(self):
        """R48: an enquiry is answered, closed and handed over as a complaint is."""
        enquiry = self._log()
        enquiry.write(
            {"answer": "On Sunday", "answer_channel_id": self._channel("phone").id}
        )
        enquiry.action_answer()
        self.assertEqual(enquiry.follow_up_ids.words, "On Sunday")
        enquiry.action_close()
        self.assertEqual(enquiry.answer_state, "closed")
        other = self._log()
        other.action_assign_each(self.manager.id)
        self.assertEqual(other.owner_id, self.manager)

    def test_becomes_an_enquiry(self):
        """R48: a contact whose kind is corrected gets what its kind needs."""
        contact = self._log(kind="outreach")
        self.assertFalse(contact.number)
        contact.kind = "question"
        self.assertTrue(contact.number and contact.activity_ids)
        number = contact.number
        contact.kind = "suggestion"
        self.assertEqual(contact.number, number)

    def test_refusals(self):
        """R48: nobody makes up a number, a state or the writer of a contact."""
        contact = self._log()
        for vals in (
            {"number": "E/1"},
            {"answer_state": "closed"},
            {"asked_by_id": self.officer.id},
        ):
            with self.subTest(vals=vals):
                with self.assertRaises(UserError):
                    self._call_as(self.officer, INTERACTION, "write", contact.ids, vals)
                with self.assertRaises(UserError):
                    self._log(**vals)
        said = self._log(words="As it was said")
        with self.assertRaisesRegex(UserError, "stays as it is"):
            said.words = "Something else"

    def test_far_delegate(self):
        """R6: a delegate of another branch reads and answers no enquiry."""
        enquiry = self._log()
        for method, args in (
            ("read", [["number", "words"]]),
            ("write", [{"answer": "x"}]),
            ("action_answer", []),
        ):
            for user in (self.far_delegate, self.applicant, self.outsider):
                with (
                    self.subTest(method=method, user=user.login),
                    self.assertRaises(AccessError),
                ):
                    self._call_as(user, INTERACTION, method, enquiry.ids, *args)
