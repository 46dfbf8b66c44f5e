from contextlib import closing, nullcontext
from datetime import date, datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.models import MAGIC_COLUMNS
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.referral.referral_flow import MOVE_FIELDS, SENT_FIELDS
from ...models.referral.referral_study import STUDY_FIELDS
from ...rules import referral_flow
from ..common import PIXEL
from .common import SENT, ReferralCase

ACTORS = (
    "delegate",
    "other_delegate",
    "officer",
    "other_officer",
    "manager",
    "researcher",
    "other_researcher",
    "member",
    "chair",
    "auditor",
    "applicant",
    "stranger",
    "outsider",
    "outside_researcher",
    "superuser",
)
NAMED, SENDER, MANAGERS = {"researcher"}, {"officer"}, {"manager", "superuser"}

# The moves of a referral, written independently of the rules: for each kind and state
# the possible moves, with the next state and the users who may make the move.
OPEN_MOVES = {
    "decline": ("declined", NAMED),
    "revoke": ("revoked", SENDER | MANAGERS),
    "reassign": ("sent", MANAGERS),
}
TABLE = {
    ("clarification", "sent"): {
        "accept": ("accepted", NAMED),
        "answer": ("answered", NAMED),
        **OPEN_MOVES,
    },
    ("clarification", "accepted"): {"answer": ("answered", NAMED), **OPEN_MOVES},
    ("case_study", "sent"): {"accept": ("accepted", NAMED), **OPEN_MOVES},
    ("case_study", "accepted"): {"answer": ("answered", NAMED), **OPEN_MOVES},
    **{
        (kind, state): {}
        for kind in ("clarification", "case_study")
        for state in ("answered", "declined", "revoked")
    },
}
MOVES = ("accept", "answer", "decline", "revoke", "reassign", "reopen")
# The last second of Sunday 2026-03-22 in Riyadh, in UTC as Odoo stores it.
SUNDAY_ENDS = datetime(2026, 3, 22, 20, 59, 59)


@tagged("post_install", "-at_install", "with_demo")
class TestReferralFlow(ReferralCase):
    def _given(self, move):
        return {
            "accept": {},
            "answer": {"answer": "The identity card."},
            "decline": {"reason": "Not mine to answer"},
            "revoke": {"reason": "Asked by mistake"},
            "reassign": {"researcher_id": self.other_researcher.id},
            "reopen": {"reason": "Sent too early"},
        }[move]

    def _attempt(self, referral, move, actor):
        """Make ``move`` over RPC; return the new state, or None if it was refused."""
        record = self._as(actor, referral)
        try:
            call_kw(record, f"action_{move}", [record.ids], self._given(move))
        except UserError:
            return None
        return referral.state

    def _trace(self, referral):
        """Return all values of ``referral`` that a move can change."""
        referral.invalidate_recordset()
        return [referral[name] for name in sorted(MOVE_FIELDS | SENT_FIELDS)] + [
            referral.answer,
            len(referral.finding_ids),
            len(referral.activity_ids),
            len(referral.request_id.step_ids),
        ]

    def test_every_move(self):
        """R15: each state, move and user is allowed or refused as in the table."""
        referrals = {key: self._reach(*key) for key in TABLE}
        before = {key: self._trace(referral) for key, referral in referrals.items()}
        wrong, allowed = [], 0
        for key, referral in referrals.items():
            for move in MOVES:
                target, actors = TABLE[key].get(move, (None, ()))
                for actor in ACTORS:
                    expected = target if actor in actors else None
                    # A refused move is not rolled back: it must leave no trace.
                    undo = self.env.cr.savepoint() if expected else nullcontext()
                    with closing(undo) if expected else undo:
                        got = self._attempt(referral, move, actor)
                    allowed += bool(got)
                    if got != expected:
                        wrong.append((key, move, actor, got, expected))
                    self.env.invalidate_all()
        self.assertEqual(wrong, [])
        possible = [actors for moves in TABLE.values() for _, actors in moves.values()]
        self.assertEqual(allowed, sum(map(len, possible)))
        self.assertEqual(before, {key: self._trace(r) for key, r in referrals.items()})

    def test_table(self):
        """R15: the rules lead to the same states as this test's own table."""
        selection = self.env["beneficiary.referral"]._fields["state"].selection
        self.assertEqual(
            [state for state, _label in selection], list(referral_flow.TRANSITIONS)
        )
        for (kind, state), moves in TABLE.items():
            expected = {name: target for name, (target, _who) in moves.items()}
            if (kind, state) == ("case_study", "sent"):
                # The rules have this move; a guard refuses it until acceptance.
                expected["answer"] = "answered"
            if state == "answered":
                # A guard refuses it, because the committee has the request.
                expected["reopen"] = "accepted"
            written = {
                move.name: target
                for target, move in referral_flow.TRANSITIONS[state].items()
            }
            self.assertEqual(written, expected)

    def test_another_researcher_is_told_whose_it_is(self):
        """R15: another researcher cannot answer; the message names the right one."""
        referral = self._send()
        with self.assertRaisesRegex(AccessError, "sent to br_researcher, who alone"):
            referral.with_user(self.other_researcher).action_answer("The lease.")
        self.assertFalse(referral.answer)

    def test_a_reason_is_asked(self):
        """R15: declining and taking back need a reason; answering needs a text."""
        referral = self._send()
        with self.assertRaisesRegex(UserError, "Write the reason"):
            referral.with_user(self.researcher).action_decline(" ")
        with self.assertRaisesRegex(UserError, "Write the reason"):
            referral.with_user(self.officer).action_revoke()
        with self.assertRaisesRegex(UserError, "Write the answer"):
            referral.with_user(self.researcher).action_answer("  ")
        self.assertEqual(referral.state, "sent")

    def test_researcher_is_of_the_association(self):
        """R43: only a researcher of the request's association can be named."""
        referral = self._send()
        referrals = self.env["beneficiary.referral"].with_user(self.officer)
        request = self.request.with_user(self.officer)
        for user in (self.officer, self.outside_researcher, self.env["res.users"]):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                referrals._send(request, user, "Which paper?")
            with (
                self.subTest(user=user.login, move="reassign"),
                self.env.cr.savepoint(),
                self.assertRaises(UserError),
            ):
                referral.with_user(self.manager).action_reassign(user.id)

    def test_reassign(self):
        """R15: after a manager names another researcher, only that one can answer."""
        referral = self._reach("clarification", "accepted")
        referral._write_flow({"escalation": "2_manager"})
        with freeze_time(SENT):
            manager = referral.with_user(self.manager)
            with self.assertRaisesRegex(UserError, "has passed"):
                manager.action_reassign(self.other_researcher.id, "2026-03-14")
            manager.action_reassign(self.other_researcher.id, "2026-03-22")
        self.assertEqual(
            (referral.state, referral.escalation, referral.due_on),
            ("sent", "0_none", SUNDAY_ENDS),
        )
        self.assertEqual(referral.activity_ids.user_id, self.other_researcher)
        with self.assertRaises(AccessError):
            referral.with_user(self.researcher).action_answer("The lease.")
        referral.with_user(self.other_researcher).action_answer("The lease.")
        self.assertEqual(referral.answered_by_id, self.other_researcher)

    def test_several_run_at_once(self):
        """R15: a request is not raised while one of its referrals is open."""
        request = self._make_request("declared")
        self.request = request
        first, second = self._send(), self._send("case_study")
        request.with_user(self.officer).action_notify(self._channel("phone").id, "Told")
        refusal = "has not answered the referral"
        first.with_user(self.researcher).action_answer("The identity card.")
        for state in ("sent", "accepted"):
            second._write_flow({"state": state})
            with self.assertRaisesRegex(UserError, refusal):
                request.with_user(self.officer).action_raise()
        second.with_user(self.officer).action_revoke("No longer needed")
        request.with_user(self.officer).action_raise()
        self.assertEqual(request.state, "in_review")

    def test_the_step_says_which_kind(self):
        """R15: an answer records step 3, with the kind of the referral."""
        for kind, evidence in (
            ("clarification", "Clarification: The identity card."),
            ("case_study", "Case study: Support"),
        ):
            self._reach(kind, "declined")
            self._reach(kind, "revoked")
            self._reach(kind, "answered")
            step = self.request._get_steps("refer")[-1]
            self.assertEqual((step.evidence, step.doer_id), (evidence, self.researcher))
        self.assertEqual(len(self.request._get_steps("refer")), 2)

    def test_a_cancelled_request_takes_back_its_referrals(self):
        """R15: cancelling a request revokes its open referrals; answered ones stay."""
        answered = self._reach("clarification", "answered")
        sent, accepted = self._send(), self._reach("case_study", "accepted")
        self.request.with_user(self.officer).action_cancel("Withdrawn by phone")
        self.assertEqual(answered.state, "answered")
        for referral in (sent, accepted):
            self.assertEqual(
                (referral.state, referral.close_reason),
                ("revoked", "Withdrawn by phone"),
            )
            self.assertFalse(referral.activity_ids)

    def test_who_is_told(self):
        """R22: the researcher has an activity until the answer, the sender after it."""
        referral = self._send(due_date=date(2099, 1, 1))
        activity = referral.activity_ids
        self.assertEqual(
            (activity.user_id, activity.date_deadline),
            (self.researcher, date(2099, 1, 1)),
        )
        referral.with_user(self.researcher).action_answer("The identity card.")
        self.assertEqual(referral.activity_ids.user_id, self.officer)

    def test_the_forms(self):
        """R15: the sender's form sets kind and date; others reassign and decline."""
        wizards = self.env["beneficiary.referral.send"].with_user(self.officer)
        with (
            freeze_time(SENT),
            Form(wizards.with_context(default_request_id=self.request.id)) as form,
        ):
            self.assertFalse(form.kind)
            self.assertEqual(form.due_date, date(2026, 3, 22))
            form.kind = "case_study"
            form.researcher_id = self.researcher
            form.question = "How does the family live?"
            form.due_date = date(2026, 3, 30)
            form.save().action_confirm()
        referral = self.request.referral_ids
        self.assertEqual(
            (referral.kind, referral.due_on),
            ("case_study", datetime(2026, 3, 30, 20, 59, 59)),
        )
        moves = self.env["beneficiary.referral.move"].with_context(
            default_referral_id=referral.id
        )
        with Form(
            moves.with_user(self.manager).with_context(default_move="reassign")
        ) as form:
            form.researcher_id = self.other_researcher
            form.save().action_confirm()
        self.assertEqual(referral.researcher_id, self.other_researcher)
        with Form(
            moves.with_user(self.other_researcher).with_context(default_move="decline")
        ) as form:
            form.reason = "I know the family"
            form.save().action_confirm()
        self.assertEqual(referral.close_reason, "I know the family")

    def test_the_door_from_the_request(self):
        """R15: the request counts its referrals and opens them."""
        self._send()
        self._send("case_study")
        request = self.request.with_user(self.delegate)
        self.assertEqual(request.referral_count, 2)
        found = self.env["beneficiary.referral"].search(
            request.action_view_referrals()["domain"]
        )
        self.assertEqual(found, self.request.referral_ids)

    # -- fields that only moves write -----------------------------------------------

    def test_nothing_else_is_written(self):
        """R15: nobody writes the state or the question of a referral directly."""
        for key in TABLE:
            referral = self._reach(*key)
            for actor in ("officer", "manager", "researcher", "superuser"):
                record = self._as(actor, referral)
                for name in MOVE_FIELDS | SENT_FIELDS:
                    value = record._fields[name].convert_to_write(record[name], record)
                    with self.subTest(key=key, actor=actor, field=name):
                        self._assert_refused(record, {name: value})

    def test_what_was_answered_is_frozen(self):
        """R15: only the researcher writes a referral, and only while it is open."""
        for key in TABLE:
            kind, state = key
            referral = self._reach(kind, state)
            study_open = key == ("case_study", "accepted")
            for actor in ACTORS:
                record = self._as(actor, referral)
                writes = actor in ("researcher", "superuser")
                with self.subTest(key=key, actor=actor):
                    is_open = state in ("sent", "accepted")
                    if not (writes and is_open):
                        self._assert_refused(record, {"answer": "Another"})
                    if not (writes and study_open):
                        self._assert_refused(record, {"visit_place": "Elsewhere"})
                        self._assert_refused(
                            record,
                            {"finding_ids": [Command.create({"section": "work"})]},
                        )

    def test_nobody_makes_a_referral_by_hand(self):
        """R15: users cannot create referrals; a new one always starts as sent."""
        vals = {
            "request_id": self.request.id,
            "researcher_id": self.researcher.id,
            "question": "Which paper?",
        }
        for actor in ACTORS[:-1]:
            referrals = self._as(actor, self.env["beneficiary.referral"])
            with self.subTest(actor=actor), self.assertRaises(AccessError):
                call_kw(referrals, "create", [vals], {})
        referrals = self.env["beneficiary.referral"]
        for name, value in (("state", "answered"), ("sender_id", self.manager.id)):
            with self.assertRaisesRegex(UserError, "written by the steps"):
                referrals.create({**vals, name: value})
        born = referrals.with_context(
            default_state="answered", default_answered_on=SENT
        ).create(vals)
        self.assertEqual((born.state, born.answered_on), ("sent", False))

    def test_written_fields_are_complete(self):
        """R15: each stored field of the module is a move's, the sender's or content."""
        fields = {
            name
            for name, field in self.env["beneficiary.referral"]._fields.items()
            if field._module == "beneficiary_relations"
            and (field.store or field.type == "one2many")
            and not field.related
        }
        content = STUDY_FIELDS | {"answer", "question_answer_ids"}
        self.assertEqual(
            fields - set(MAGIC_COLUMNS), MOVE_FIELDS | SENT_FIELDS | content
        )

    def _assert_refused(self, record, vals):
        # No assertRaises: its savepoints are slow in thousands of calls.
        try:
            call_kw(record, "write", [record.ids, vals], {})
        except UserError:
            return
        self.fail(f"{record.env.user.login}: {vals} of {record} was written")


@tagged("post_install", "-at_install")
class TestReferralClock(ReferralCase):
    @freeze_time(SENT)
    def test_due_on(self):
        """R15: the association sets the days until a referral's due date.

        The referral is due at the end of that day.
        """
        table = (
            (5, "working", SUNDAY_ENDS),
            (5, "calendar", SUNDAY_ENDS),  # the fifth day is a Friday
            (1, "working", datetime(2026, 3, 16, 20, 59, 59)),
        )
        for days, unit, expected in table:
            self.company.write(
                {"beneficiary_referral_days": days, "beneficiary_referral_unit": unit}
            )
            self.assertEqual(self._send().due_on, expected)
        # A sent referral keeps its date when the setting changes.
        self.assertEqual(self.request.referral_ids.sorted("id")[0].due_on, SUNDAY_ENDS)
        with self.assertRaisesRegex(UserError, "has passed"):
            self._send(due_date=date(2026, 3, 14))
        with self.assertRaisesRegex(ValidationError, "at least one day"):
            self.company.beneficiary_referral_days = 0

    def test_overdue_at_midnight_in_riyadh(self):
        """R15, Clock: a referral is late from midnight in the association's zone."""
        with freeze_time(SENT):
            referral = self._send()
        referrals = self.env["beneficiary.referral"]
        for zone in ("Asia/Riyadh", "America/New_York", "Pacific/Auckland"):
            self.env.user.tz = zone
            for moment, late in (
                ("2026-03-22 20:59:59", False),
                ("2026-03-22 21:00:00", True),
            ):
                with self.subTest(zone=zone, moment=moment), freeze_time(moment):
                    referral.invalidate_recordset()
                    self.assertEqual(referral.is_overdue, late)
                    for wanted in (True, False):
                        found = referrals.search([("is_overdue", "=", wanted)])
                        self.assertEqual(referral in found, late == wanted)
        with freeze_time("2026-04-22"):
            for state in ("answered", "declined", "revoked"):
                referral._write_flow({"state": state})
                self.assertFalse(referral.is_overdue)
                self.assertFalse(referrals.search([("is_overdue", "=", True)]))

    def test_late_holiday(self):
        """R15, R21: a holiday moves the days to answer, but no date of the sender's."""
        with freeze_time(SENT):
            usual = self._send()
            chosen = self._send("case_study", due_date=date(2026, 3, 19))
            answered = self._reach("clarification", "answered")
        moved = answered.due_on
        with freeze_time(SENT):
            holiday_id = self._call_as(
                self.manager,
                "resource.calendar.leaves",
                "create",
                {
                    "name": "Feast",
                    "date_from": "2026-03-15 21:00:00",
                    "date_to": "2026-03-17 20:59:00",
                },
            )
            self.assertEqual(usual._get_local_day(usual.due_on), date(2026, 3, 24))
            self.assertEqual(chosen._get_local_day(chosen.due_on), date(2026, 3, 19))
            self.assertEqual(answered.due_on, moved)
            self._call_as(
                self.manager, "resource.calendar.leaves", "unlink", [holiday_id]
            )
        self.assertEqual(usual._get_local_day(usual.due_on), date(2026, 3, 22))

    def _run_cron(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(
                "beneficiary_relations.ir_cron_referral"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def test_escalation(self):
        """R22: the researcher is reminded a day before, the manager when it is late.

        Each is reminded once.
        """
        with freeze_time(SENT):
            referral, answered = self._send(), self._send("case_study")
            answered._write_flow({"state": "declined"})
            answered.activity_unlink(["mail.mail_activity_data_todo"])
        told = referral.activity_ids.user_id.browse()
        table = (
            # Riyadh: Friday's last second, Saturday, Sunday's last second, Monday.
            ("2026-03-20 20:59:59", told),
            ("2026-03-20 21:00:00", self.researcher),
            ("2026-03-22 20:59:59", self.researcher),
            ("2026-03-22 21:00:00", self.researcher | self.manager),
        )
        before = referral.activity_ids
        for moment, users in table:
            for _again in range(2):
                self._run_cron(moment)
                with self.subTest(moment=moment):
                    new = referral.activity_ids - before
                    self.assertEqual(len(new), len(users))
                    self.assertEqual(new.user_id, users)
        self.assertEqual(answered.escalation, "0_none")

    def test_one_that_fails_stops_nobody(self):
        """R22: a failing reminder is logged, and the others are still sent."""
        with freeze_time(SENT):
            first = self._send()
            self.other_researcher.active = True
            second = self._send()
            second._write_flow({"researcher_id": self.other_researcher.id})
        researchers = type(first)._remind_researchers

        def fail(records):
            if self.researcher in records.researcher_id:
                raise RuntimeError("No")
            return researchers(records)

        self.patch(type(first), "_remind_researchers", fail)
        with mute_logger("odoo.addons.beneficiary_relations.models.mixins.sweep_mixin"):
            self._run_cron("2026-03-21 07:00:00")
        self.assertEqual(first.escalation, "1_reminded")
        self.assertIn(self.other_researcher, second.activity_ids.user_id)

    def test_the_cron_is_flat(self):
        """R22, Scale: reminders of 2N referrals take few more queries than of N."""
        counts = []
        for count in (4, 4, 8):
            with freeze_time(SENT):
                for _number in range(count):
                    self._send()
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            self._run_cron("2026-03-21 07:00:00")
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLess((counts[2] - counts[1]) / 4, 8, counts)


@tagged("post_install", "-at_install")
class TestReferralAttachment(ReferralCase):
    def test_photos_follow_the_referral(self):
        """R43: the attachment of a photo is read with the study, and frozen with it."""
        referral = self._reach("case_study", "accepted")
        photo = self.env["beneficiary.referral.photo"].with_user(self.researcher)
        photo = photo.create({"referral_id": referral.id, "image": PIXEL})
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", photo._name),
                ("res_id", "=", photo.id),
                ("res_field", "=", "image"),
            ]
        )
        self.assertTrue(attachment)
        readers = {"delegate", "officer", "other_officer", "manager", "researcher"}
        readers |= {"other_researcher", "member", "chair", "auditor", "superuser"}
        for actor in ACTORS:
            seen = self._as(actor, attachment)
            with self.subTest(actor=actor):
                self.assertEqual(seen.has_access("read"), actor in readers)
                self.assertEqual(
                    seen.has_access("write"), actor in ("researcher", "superuser")
                )
        self._write_study(referral)
        referral.with_user(self.researcher).action_answer()
        self.env.invalidate_all()
        for operation in ("write", "unlink"):
            self.assertFalse(
                attachment.with_user(self.researcher).has_access(operation)
            )
