import base64
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from .common import InteractionCase

ACTIVITY = "beneficiary_relations.mail_activity_type_answer"


@tagged("post_install", "-at_install")
class TestComplaint(InteractionCase):
    """R27: complaints, disputes and suggestions get an owner, an answer and an end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._make_user("br_second", "officer", cls.company)

    def _complain(self, user=None, **vals):
        return self._log(
            user, **{"kind": "complaint", "subject": "Long waiting", **vals}
        )

    def _answer(self, complaint, **vals):
        complaint.write(
            {
                "answer": "We are sorry; a second desk is open now.",
                "answer_channel_id": self._channel("phone").id,
                **vals,
            }
        )
        complaint.action_answer()

    def test_becomes_a_complaint(self):
        """R27: a question changed to a complaint gets an owner and is due in a week."""
        self.startPatcher(freeze_time("2026-03-16 07:00:00"))  # a Monday
        complaint = self._log(outcome="Told at once")
        self.assertFalse(complaint.answer_state or complaint.owner_id)
        for kind in ("complaint", "dispute", "suggestion"):
            complaint.kind = kind
            self.assertEqual(complaint.answer_state, "open")
        self.assertEqual(complaint.owner_id, self.officer)
        today = self.company._get_beneficiary_today()
        self.assertEqual(complaint.answer_due_on, today + timedelta(days=7))
        complaint.kind = "outreach"
        self.assertFalse(complaint.answer_state or complaint.answer_due_on)
        self.assertFalse(complaint.activity_ids)

    def test_days_to_answer(self):
        """The association sets how long an answer may take."""
        self.startPatcher(freeze_time("2026-03-16 07:00:00"))  # a Monday
        self.company.beneficiary_answer_days = 3
        complaint = self._complain()
        today = self.company._get_beneficiary_today()
        self.assertEqual(complaint.answer_due_on, today + timedelta(days=3))

    def test_dispute_of_a_volunteer(self):
        """R27, R41: a volunteer or supporter can be a party of a dispute, too."""
        for party in ("volunteer", "supporter"):
            dispute = self._log_visitor(kind="dispute", party_kind=party)
            self.assertEqual(
                (dispute.party_kind, dispute.answer_state), (party, "open")
            )

    def test_answer(self):
        """R27: the answer is given on a channel and logged as a contact of its own."""
        complaint = self._complain()
        self.assertEqual(complaint.activity_ids.user_id, self.officer)
        with self.assertRaisesRegex(UserError, "Write the answer"):
            complaint.action_answer()
        with self.assertRaisesRegex(UserError, "Choose the channel"):
            self._answer(complaint, answer_channel_id=False)
        self._answer(complaint)
        self.assertEqual(complaint.answer_state, "answered")
        self.assertEqual(complaint.answered_by_id, self.officer)
        self.assertTrue(complaint.answered_on)
        self.assertFalse(complaint.activity_ids)
        answer = complaint.follow_up_ids
        self.assertEqual((answer.direction, answer.kind), ("out", "follow_up"))
        self.assertEqual(answer.outcome, complaint.answer)
        self.assertEqual(answer.beneficiary_id, self.file)
        for frozen in ({"answer": "Other"}, {"kind": "question"}):
            with self.assertRaisesRegex(UserError, "already answered"):
                complaint.write(frozen)
        complaint.action_close()
        self.assertEqual(complaint.answer_state, "closed")
        complaint.action_reopen()
        self.assertEqual(complaint.answer_state, "open")
        self.assertFalse(complaint.answered_on)
        self.assertTrue(complaint.activity_ids)

    def test_answer_by_letter(self):
        """R40: an answer by letter carries the letter's number and date."""
        complaint = self._complain()
        letter = self._channel("letter").id
        with self.assertRaisesRegex(UserError, "number and the date"):
            self._answer(complaint, answer_channel_id=letter)
        self._answer(
            complaint,
            answer_channel_id=letter,
            answer_letter_number="12",
            answer_letter_date="2026-03-15",
        )
        self.assertEqual(complaint.follow_up_ids.letter_number, "12")

    def test_who_answers(self):
        """R27: only the owner and managers answer; no answer is forged over RPC."""
        complaint = self._complain()
        as_second = complaint.with_user(self.second)
        for method in ("action_answer", "action_close", "action_reopen"):
            with self.assertRaises(AccessError):
                call_kw(as_second.browse(), method, [complaint.ids], {})
        for user in (self.auditor, self.researcher, self.applicant):
            with self.assertRaises(AccessError):
                complaint.with_user(user).action_answer()
        forged = {"answer_state": "answered"}
        with self.assertRaises(UserError):
            complaint.with_user(self.manager).write(forged)
        with self.assertRaises(UserError):
            self._complain(**forged)
        sly = complaint.browse().with_context(default_answer_state="closed")
        self.assertEqual(
            sly.create(
                {
                    "subject": "x",
                    "channel_id": self._channel("phone").id,
                    "beneficiary_id": self.file.id,
                    "kind": "complaint",
                }
            ).answer_state,
            "open",
        )
        self._answer(complaint.with_user(self.manager))
        self.assertEqual(complaint.answered_by_id, self.manager)

    def test_owner_can_answer(self):
        """An owner must be able to answer: by role, association and branch."""
        complaint = self._complain()
        for user, words in (
            (self.outsider, "has that role"),
            (self.auditor, "has that role"),
            (self.researcher, "has that role"),
            (self.applicant, "has that role"),
            (self.far_delegate, "cannot answer"),
        ):
            with (
                self.subTest(user=user.login),
                self.assertRaisesRegex(ValidationError, words),
            ):
                complaint.owner_id = user
        complaint.owner_id = self.delegate
        self.assertEqual(complaint.activity_ids.user_id, self.delegate)

    def test_overdue(self):
        """The search finds overdue complaints, and no answered ones."""
        today = self.company._get_beneficiary_today()
        late, due, answered = (
            self._complain(answer_due_on=today + timedelta(days=days))
            for days in (-1, 0, -1)
        )
        self._answer(answered)
        ours = late | due | answered
        model = self.env["beneficiary.interaction"].with_user(self.officer)
        domain = [("id", "in", ours.ids)]
        self.assertEqual(model.search([*domain, ("is_overdue", "=", True)]), late)
        self.assertEqual(
            model.search([*domain, ("is_overdue", "=", False)]), due | answered
        )
        self.assertEqual(ours.filtered("is_overdue"), late)

    # -- confidential -----------------------------------------------------------------

    def _make_confidential(self):
        """Return a confidential complaint of a manager, a message and a paper on it."""
        complaint = self._complain()
        complaint.message_subscribe(self.second.partner_id.ids)
        complaint.message_post(body="What was said", subtype_xmlid="mail.mt_comment")
        complaint.with_user(self.manager).write(
            {"owner_id": self.manager.id, "is_confidential": True}
        )
        complaint = complaint.with_user(self.manager)
        message = complaint.message_post(body="A secret")
        paper = (
            self.env["ir.attachment"]
            .with_user(self.manager)
            .create(
                {
                    "name": "secret.txt",
                    "raw": b"A secret",
                    "res_model": complaint._name,
                    "res_id": complaint.id,
                }
            )
        )
        return complaint, message, paper

    def test_confidential(self):
        """R27: only the owner and managers can read a confidential complaint and its
        messages, papers and activities, by every way of reading."""
        complaint, message, paper = self._make_confidential()
        activity = complaint.activity_ids
        self.assertTrue(activity)
        domain = [("id", "=", complaint.id)]
        for user in (
            self.officer,
            self.second,
            self.delegate,
            self.researcher,
            self.auditor,
            self.chair,
            self.stranger,
        ):
            with self.subTest(user=user.login):
                seen = complaint.with_user(user)
                self.assertFalse(seen.has_access("read"))
                self.assertFalse(seen.has_access("write"))
                self.assertFalse(message.with_user(user).has_access("read"))
                self.assertFalse(paper.with_user(user).has_access("read"))
                self.assertFalse(activity.with_user(user).has_access("read"))
                model = seen.browse()
                if model.has_access("read"):
                    self.assertFalse(model.search(domain))
                    self.assertFalse(model.search_count(domain))
                    self.assertFalse(model.name_search("Long", domain))
                    self.assertFalse(model._read_group(domain, ["kind"]))
                    self.assertEqual(seen.sudo().display_name, "Confidential")
                for other in (message, activity, paper):
                    self.assertFalse(
                        other.with_user(user).search([("id", "in", other.ids)])
                    )
        self.assertTrue(complaint.with_user(self.manager).has_access("read"))
        self.assertNotIn(self.second.partner_id, complaint.message_partner_ids)
        counts = self.file.with_user(self.officer)
        counts.invalidate_recordset()
        self.assertEqual(counts.interaction_count, 0)

    def test_confidential_owner(self):
        """R27: the owner can read and answer, and the answer is confidential too."""
        complaint = self._complain()
        complaint.is_confidential = True
        self.assertTrue(complaint.has_access("read"))
        self.assertFalse(complaint.with_user(self.second).has_access("read"))
        self._answer(complaint)
        answer = complaint.follow_up_ids
        self.assertTrue(answer.is_confidential)
        self.assertFalse(answer.with_user(self.second).has_access("read"))
        with self.assertRaises(AccessError):
            complaint.owner_id = self.second
        complaint.with_user(self.manager).owner_id = self.second
        self.assertFalse(complaint.has_access("read"))
        self.assertEqual(answer.sudo().owner_id, self.second)

    def test_confidential_after_the_answer(self):
        """Earlier follow-ups of a complaint become confidential with it."""
        complaint = self._complain()
        self._answer(complaint)
        complaint.with_user(self.second).message_subscribe(self.second.partner_id.ids)
        complaint.is_confidential = True
        self.assertFalse(
            complaint.follow_up_ids.with_user(self.second).has_access("read")
        )
        complaint.message_subscribe(self.second.partner_id.ids)
        self.assertNotIn(self.second.partner_id, complaint.message_partner_ids)

    def test_who_makes_it_confidential(self):
        """Only the owner and managers can make a complaint confidential."""
        complaint = self._complain()
        with self.assertRaises(AccessError):
            complaint.with_user(self.second).is_confidential = True
        with self.assertRaises(AccessError):
            complaint.with_user(self.delegate).write(
                {"owner_id": self.delegate.id, "is_confidential": True}
            )

    def test_attachment_download(self):
        """Only readers of a confidential complaint can download its papers."""
        _complaint, _message, paper = self._make_confidential()
        self.assertEqual(
            base64.b64decode(paper.with_user(self.manager).datas), b"A secret"
        )
        with self.assertRaises(AccessError):
            paper.with_user(self.second).read(["datas"])

    # -- improvements ---------------------------------------------------------------

    def _improve(self, complaint, **vals):
        action = complaint.with_user(self.manager).action_improve()
        form = Form(
            self.env["beneficiary.improvement"]
            .with_user(self.manager)
            .with_context(**action["context"])
        )
        form.due_on = self.company._get_beneficiary_today() + timedelta(days=30)
        form.owner_id = vals.get("owner_id", self.officer)
        return form.save()

    def test_improvement(self):
        """R31: a complaint leads to an improvement with owner, date and outcome."""
        complaint = self._complain()
        improvement = self._improve(complaint)
        self.assertEqual(improvement.source, "complaint")
        self.assertEqual(complaint.improvement_count, 1)
        self.assertEqual(improvement.activity_ids.user_id, self.officer)
        owned = improvement.with_user(self.officer)
        with self.assertRaisesRegex(UserError, "Write the outcome"):
            owned.action_done()
        owned.outcome = "A second desk"
        for vals in ({"due_on": "2030-01-01"}, {"owner_id": self.second.id}):
            with self.assertRaises(AccessError):
                owned.write(vals)
        with self.assertRaises(UserError):
            owned.write({"state": "done"})
        owned.action_done()
        self.assertEqual(improvement.state, "done")
        self.assertTrue(improvement.closed_on)
        self.assertFalse(improvement.activity_ids)
        with self.assertRaises(UserError):
            owned.outcome = "Other"
        with self.assertRaises(AccessError):
            owned.action_reopen()
        improvement.action_reopen()
        self.assertEqual(improvement.state, "open")

    def test_improvement_rights(self):
        """R31: managers plan, owners carry out, others read; delegates see nothing."""
        improvement = self._improve(self._complain())
        for user in (self.second, self.researcher):
            seen = improvement.with_user(user)
            self.assertTrue(seen.has_access("read"))
            for method in ("action_done", "action_drop"):
                with self.assertRaises(AccessError):
                    getattr(seen, method)()
        for user in (self.delegate, self.chair):
            self.assertFalse(improvement.with_user(user).has_access("read"))
        with self.assertRaises(AccessError):
            improvement.with_user(self.officer).copy()
        with self.assertRaises(ValidationError):
            improvement.owner_id = self.delegate

    def test_improvement_overdue(self):
        """R31: the search finds overdue improvements."""
        improvement = self._improve(self._complain())
        late = [("id", "=", improvement.id), ("is_overdue", "=", True)]
        self.assertFalse(improvement.search(late))
        improvement.due_on -= timedelta(days=31)
        self.assertEqual(improvement.search(late), improvement)
        self.assertTrue(improvement.is_overdue)

    def test_improvement_of_a_confidential_complaint(self):
        """R27, R31: only readers of a confidential complaint see its improvement."""
        complaint, _message, _paper = self._make_confidential()
        with self.assertRaises(ValidationError):
            self._improve(complaint, owner_id=self.second)
        improvement = self._improve(complaint, owner_id=self.manager)
        self.assertFalse(improvement.with_user(self.second).has_access("read"))
        self.assertFalse(improvement.with_user(self.auditor).has_access("read"))
