from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import BeneficiaryCommon

REQUEST = "beneficiary.data.request"
ACTIVITY = "beneficiary_relations.mail_activity_type_data_request"


@tagged("post_install", "-at_install", "without_demo")
class TestDataRequest(BeneficiaryCommon):
    """R51: a request about data has a number, an owner, thirty days and an answer."""

    def setUp(self):
        super().setUp()
        self.officer.lang = "en_US"  # the tests compare messages
        self.second = self._make_user("br_second", "officer", self.company)
        self.asked = self._ask()

    def _ask(self, kind="erasure", user=None, **vals):
        requests = self.env[REQUEST].with_user(user or self.officer)
        return requests.create(
            {
                "beneficiary_id": self.file.id,
                "kind": kind,
                "text": "Erase my old telephone number.",
                **vals,
            }
        )

    def test_clock(self):
        """R51: the answer is due thirty days after the person asked, wherever."""
        with freeze_time("2026-03-15 22:30:00"):  # already Monday in Riyadh
            asked = self._ask()
            self.assertEqual(asked.due_on, date(2026, 4, 15))
            activity = asked.activity_search([ACTIVITY])
            self.assertEqual(activity.date_deadline, asked.due_on)
            self.assertEqual(activity.user_id, self.officer)
            # It came by letter ten days ago.
            asked.asked_on = datetime(2026, 3, 5, 9)
            self.assertEqual(asked.due_on, date(2026, 4, 4))
            plans = asked.activity_search([ACTIVITY])
            self.assertEqual(plans.date_deadline, asked.due_on)
        for day, is_late in (
            ("2026-04-04 10:00:00", False),
            ("2026-04-05 10:00:00", True),
        ):
            with freeze_time(day):
                asked.invalidate_recordset()
                self.assertEqual(asked.is_overdue, is_late)
                late = self.env[REQUEST].search([("is_overdue", "=", True)])
                self.assertEqual(asked in late, is_late)

    def test_number(self):
        """R51: each request has a number of its own association."""
        other = self._ask("copy")
        self.assertRegex(self.asked.name, r"^PD/\d{4}/\d{4}$")
        self.assertNotEqual(self.asked.name, other.name)
        with self.assertRaises(UserError):
            self._ask(name="PD/1")

    def test_answer(self):
        """R51: the owner answers in words; the person is told that it is there."""
        texts = self.env["sms.sms"].search_count([])
        with self.assertRaisesRegex(UserError, "Write the answer"):
            self.asked.action_done()
        with Form(self.asked) as form:
            form.answer = "The old number is erased."
        self.asked.action_done()
        self.assertEqual(self.asked.state, "done")
        self.assertEqual(self.asked.answered_by_id, self.officer)
        self.assertFalse(self.asked.activity_search([ACTIVITY]))
        text = self.env["sms.sms"].search([], limit=1, order="id desc")
        self.assertEqual(self.env["sms.sms"].search_count([]), texts + 1)
        self.assertIn("/my/data", text.body)
        self.assertIn(self.asked.name, text.body)
        self.assertNotIn("erased", text.body, "telephones are shared")
        with self.assertRaisesRegex(UserError, "answered already"):
            self.asked.answer = "No."
        with self.assertRaisesRegex(UserError, "answered already"):
            self.asked.action_decline()

    def test_decline(self):
        """R51: what is not done has its reason in the answer."""
        self.asked.answer = "The law makes us keep receipts for ten years."
        self.asked.action_decline()
        self.assertEqual(self.asked.state, "declined")

    def test_told_by_hand(self):
        """R51: if no message reaches the person, the owner tells them."""
        self.file.notice_by_email = self.file.notice_by_sms = False
        self.asked.answer = "Done."
        self.asked.action_done()
        self.assertEqual(self.asked.activity_ids.user_id, self.officer)
        self.assertIn("tell them", self.asked.activity_ids.summary)

    def test_reopened(self):
        """R51: only a manager reopens, and the owner is asked again."""
        self.asked.answer = "Done."
        self.asked.action_done()
        with self.assertRaises(AccessError):
            self.asked.action_reopen()
        self.asked.with_user(self.manager).action_reopen()
        self.assertEqual(self.asked.state, "open")
        self.assertFalse(self.asked.answered_on)
        self.assertTrue(self.asked.activity_search([ACTIVITY]))

    def test_who_answers(self):
        """Roles: the owner and managers answer; other officers do not."""
        self.asked.answer = "Done."
        with self.assertRaises(AccessError):
            self.asked.with_user(self.second).action_done()
        for user in (self.auditor, self.delegate, self.chair, self.applicant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.asked.with_user(user).action_done()
        self.asked.owner_id = self.second
        self.asked.with_user(self.second).action_done()
        self.assertEqual(self.asked.answered_by_id, self.second)

    def test_handed_over(self):
        """R51: who gets it has the activity; only officers of the association do."""
        self.asked.owner_id = self.second
        self.assertEqual(self.asked.activity_search([ACTIVITY]).user_id, self.second)
        for user in (self.auditor, self.outsider, self.applicant):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.asked.owner_id = user

    def test_moves_alone(self):
        """Safety: state, number and who answered are written by the moves alone."""
        for vals in (
            {"state": "done"},
            {"name": "PD/2026/0001"},
            {"answered_by_id": self.manager.id},
            {"on_portal": True},
        ):
            with self.subTest(vals=vals):
                with self.assertRaises(UserError):
                    self.asked.with_user(self.manager).write(vals)
                with self.assertRaises(UserError):
                    self._ask(user=self.manager, **vals)
        defaults = {"default_state": "done", "default_on_portal": True}
        asked = (
            self.env[REQUEST]
            .with_user(self.officer)
            .with_context(**defaults)
            .create({"beneficiary_id": self.file.id, "kind": "copy"})
        )
        self.assertEqual((asked.state, asked.on_portal), ("open", False))

    def test_correction_needs_words(self):
        """R51: a correction says what is wrong; a copy needs no words."""
        for text in ("", " ", False):
            with self.assertRaisesRegex(UserError, "what is right"):
                self._ask("correction", text=text)
        self.assertTrue(self._ask("copy", text=False))

    def test_due_stays_with_association(self):
        """R43: a request follows its file's association, and nobody else reads it."""
        self.assertEqual(self.asked.company_id, self.company)
        with self.assertRaises(AccessError):
            self.asked.with_user(self.outsider).read(["name"])
        today = self.company._get_beneficiary_today()
        self.assertEqual(self.asked.due_on, today + timedelta(days=30))
