from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import InteractionCase

APPOINTMENT = "beneficiary.appointment"
ACTIVITY = "beneficiary_relations.mail_activity_type_appointment"
# Sunday 15 March 2026, 10:00 in Riyadh.
NOW = datetime(2026, 3, 15, 7)
SLOT = datetime(2026, 3, 17, 8)
LATER = datetime(2026, 3, 18, 8)


@tagged("post_install", "-at_install")
class TestAppointment(InteractionCase):
    """R33: the office offers times on its calendar for a call or a visit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file.officer_id = cls.officer

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOW))

    def _plan(self, user=None, starts=(SLOT, LATER), **vals):
        return (
            self.env[APPOINTMENT]
            .with_user(user or self.officer)
            .create(
                {
                    "beneficiary_id": self.file.id,
                    "company_id": self.company.id,
                    "subject": "About the lease",
                    "slot_ids": [Command.create({"start": start}) for start in starts],
                    **vals,
                }
            )
        )

    def _agree(self, appointment=None):
        appointment = appointment or self._plan()
        appointment.action_offer()
        appointment.slot_ids[:1].action_agree()
        return appointment

    def _tasks(self, appointment):
        self.env.invalidate_all()
        kind = self.env.ref(ACTIVITY)
        return appointment.sudo().activity_ids.filtered(
            lambda task: task.activity_type_id == kind
        )

    def _mails(self, appointment):
        return self.env["mail.mail"].search_count(
            [("model", "=", APPOINTMENT), ("res_id", "=", appointment.id)]
        )

    def test_life(self):
        """R33: asked, offered, agreed, and recorded as a contact (R5)."""
        appointment = self._plan()
        self.assertRegex(appointment.name, r"^V/2026/\d{5}$")
        self.assertEqual(appointment.officer_id, self.officer)
        self.assertEqual(self._tasks(appointment).user_id, self.officer)
        appointment.action_offer()
        self.assertEqual(appointment.state, "offered")
        self.assertFalse(self._tasks(appointment))
        self.assertEqual(self._mails(appointment), 1)
        appointment.slot_ids[0].action_agree()
        self.assertEqual((appointment.state, appointment.start), ("agreed", SLOT))
        self.assertEqual(self._mails(appointment), 2)
        event = appointment.sudo().event_id
        self.assertEqual((event.start, event.user_id), (SLOT, self.officer))
        self.assertEqual(event.stop, SLOT + timedelta(minutes=30))
        self.assertNotIn(self.file.name, event.name)
        self.assertEqual(self._tasks(appointment).date_deadline, SLOT.date())
        with self.assertRaisesRegex(UserError, "Log the call"):
            appointment.action_hold()
        action = appointment.action_record()
        form = Form(
            self.env["beneficiary.interaction"]
            .with_user(self.officer)
            .with_context(**action["context"]),
            "beneficiary_relations.interaction_view_form_new",
        )
        form.outcome = "She brings the lease"
        contact = form.save()
        self.assertEqual(appointment.interaction_ids, contact)
        self.assertEqual(appointment.state, "held")
        self.assertFalse(self._tasks(appointment))
        self.assertTrue(event.exists())

    def test_suggested_times(self):
        """R33: suggested times are working hours in which the officer is free."""
        busy = datetime(2026, 3, 16, 5)  # Monday from 8:00 in Riyadh
        self.env["calendar.event"].create(
            {
                "name": "Board",
                "start": busy,
                "stop": busy + timedelta(hours=1),
                "partner_ids": [Command.set(self.officer.partner_id.ids)],
            }
        )
        appointment = self._plan(starts=())
        appointment.action_suggest()
        starts = appointment.slot_ids.mapped("start")
        self.assertEqual(len(starts), 3)
        self.assertEqual(len({start.date() for start in starts}), 3)
        self.assertEqual(min(starts), datetime(2026, 3, 16, 6))
        self.assertFalse(any(appointment.slot_ids.mapped("problem")))

    def test_times_that_went(self):
        """R33: a time that is over, taken or not offered is not agreed."""
        first, second = self._plan(), self._plan(beneficiary_id=self.far_file.id)
        for appointment in first, second:
            appointment.action_offer()
        first.slot_ids[0].action_agree()
        with self.assertRaisesRegex(UserError, "has been taken"):
            second.slot_ids[0].action_agree()
        for foreign in (first.slot_ids[1].id, 0, "x", [1], None):
            with self.assertRaisesRegex(UserError, "one of the offered"):
                second.action_agree(foreign)
        with freeze_time(LATER), self.assertRaisesRegex(UserError, "is over"):
            second.slot_ids[1].action_agree()
        with self.assertRaisesRegex(UserError, "at least one time"):
            self._plan(starts=()).action_offer()

    def test_moved_in_the_calendar(self):
        """R33: the officer moves or deletes the event, and the person is told."""
        appointment = self._agree()
        event = appointment.sudo().event_id.with_user(self.officer)
        mails = self._mails(appointment)
        event.write({"start": LATER, "stop": LATER + timedelta(minutes=30)})
        self.assertEqual(appointment.start, LATER)
        self.assertEqual(self._tasks(appointment).date_deadline, LATER.date())
        self.assertEqual(self._mails(appointment), mails + 1)
        event.unlink()
        self.assertEqual((appointment.state, appointment.start), ("asked", False))
        self.assertEqual(self._mails(appointment), mails + 2)
        again = self._agree()
        again.sudo().event_id.with_user(self.officer).active = False
        self.assertEqual(again.state, "asked")

    def test_another_time_and_cancel(self):
        """R33: another time, a cancellation, a miss have a reason; the event goes."""
        for move, state in (("ask_again", "asked"), ("cancel", "cancelled")):
            with self.subTest(move=move):
                appointment = self._agree()
                event = appointment.sudo().event_id
                with self.assertRaisesRegex(UserError, "reason"):
                    getattr(appointment, f"action_{move}")()
                wizard = (
                    self.env["beneficiary.appointment.move"]
                    .with_user(self.officer)
                    .create(
                        {
                            "appointment_id": appointment.id,
                            "move": move,
                            "reason": "Ill",
                        }
                    )
                )
                wizard.action_confirm()
                self.assertEqual(
                    (appointment.state, appointment.reason), (state, "Ill")
                )
                self.assertFalse(event.exists())
        appointment = self._agree()
        with self.assertRaisesRegex(UserError, "not begun"):
            appointment.action_miss("Nobody there")
        with freeze_time(LATER):
            appointment.action_miss("Nobody there")
        self.assertEqual(appointment.state, "missed")

    def test_colleague(self):
        """R33: the event follows the colleague who takes it over."""
        second = self._make_user("br_second", "officer", self.company)
        appointment = self._agree()
        appointment.officer_id = second
        event = appointment.sudo().event_id
        self.assertEqual(event.user_id, second)
        self.assertEqual(event.partner_ids, second.partner_id)
        self.assertEqual(self._tasks(appointment).user_id, second)
        with self.assertRaisesRegex(ValidationError, "does not see"):
            appointment.officer_id = self.far_delegate

    def _remind(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(
                "beneficiary_relations.ir_cron_appointment"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def test_reminder(self):
        """R22, R33: the person is reminded once, a day before, not earlier."""
        appointment = self._agree()
        mails = self._mails(appointment)
        self._remind(SLOT - timedelta(hours=25))
        self.assertEqual(self._mails(appointment), mails)
        for _time in range(2):
            self._remind(SLOT - timedelta(hours=23))
        self.assertEqual(self._mails(appointment), mails + 1)
        texts = self.env["sms.sms"].search([("body", "ilike", appointment.name)])
        self.assertIn(f"/my/visits/{appointment.id}", texts[-1:].body)
        soon = self._agree(self._plan(starts=(NOW + timedelta(hours=5),)))
        mails = self._mails(soon)
        self._remind(NOW + timedelta(hours=1))
        self.assertEqual(self._mails(soon), mails, "it was agreed a moment ago")

    def test_nobody_reached(self):
        """R33: whom no message reaches, the officer tells."""
        self.file.write({"email": False, "phone": "0110000000"})
        appointment = self._plan()
        appointment.action_offer()
        self.assertFalse(self._mails(appointment))
        self.assertTrue(
            appointment.activity_ids.filtered(
                lambda task: (
                    task.activity_type_id
                    == self.env.ref("mail.mail_activity_data_todo")
                )
            )
        )

    def test_death(self):
        """R33: after a death nobody calls, visits or writes to the person."""
        agreed, asked = self._agree(), self._plan()
        event = agreed.sudo().event_id
        self.file.with_user(self.manager).action_record_death(
            death_date="2026-03-14", reason="The certificate"
        )
        self.assertEqual(agreed.state, "cancelled")
        self.assertEqual(asked.state, "cancelled")
        self.assertFalse(event.exists())
        waiting = self.env["mail.mail"].search(
            [("model", "=", APPOINTMENT), ("state", "=", "outgoing")]
        )
        self.assertFalse(waiting.filtered(lambda mail: mail.res_id == agreed.id))

    def test_merge(self):
        """R33: calls and visits, agreed or over, go with the file that stays."""
        agreed = self._agree(self._plan(beneficiary_id=self.far_file.id))
        over = self._agree(self._plan(beneficiary_id=self.far_file.id, starts=(LATER,)))
        self._log(beneficiary_id=self.far_file.id, appointment_id=over.id)
        self.assertEqual(over.state, "held")
        self.file._merge_from(self.far_file, [])
        for appointment in agreed, over:
            self.assertEqual(appointment.beneficiary_id, self.file)
        self.assertEqual(over.interaction_ids.beneficiary_id, self.file)

    def test_delegates(self):
        """R6: a delegate plans for the own branch, and sees no other."""
        own = self._plan(self.delegate, officer_id=self.delegate.id)
        self._agree(own)
        far = self._plan(beneficiary_id=self.far_file.id)
        with self.assertRaises(AccessError):
            self._plan(self.delegate, beneficiary_id=self.far_file.id)
        for user in (self.delegate, self.applicant, self.outsider, self.member):
            for method, args in (
                ("read", [["subject"]]),
                ("write", [{"subject": "x"}]),
                ("action_offer", []),
                ("action_cancel", ["x"]),
                ("action_suggest", []),
                ("unlink", []),
            ):
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRaises(AccessError),
                ):
                    self._call_as(user, APPOINTMENT, method, far.ids, *args)
        self.assertEqual(far.state, "asked")

    def test_moves_alone_write(self):
        """R33: no door but a move writes the state, the time or the event."""
        appointment = self._plan()
        for vals in (
            {"state": "agreed"},
            {"start": str(SLOT)},
            {"name": "V/1"},
            {"reminded_on": str(NOW)},
            {"asked_by_id": self.officer.id},
            {"event_id": 1},
        ):
            with self.subTest(vals=vals):
                with self.assertRaises(UserError):
                    self._call_as(
                        self.officer, APPOINTMENT, "write", appointment.ids, vals
                    )
                with self.assertRaises(UserError):
                    self._plan(**vals)
        agreed = self._agree()
        for vals in ({"minutes": 5}, {"beneficiary_id": self.far_file.id}):
            with self.assertRaises(UserError):
                agreed.write(vals)
        with self.assertRaises(UserError):
            agreed.slot_ids[0].start = LATER

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_event_is_the_officers(self):
        """R43: who is helped when is read by the colleague alone, by no way else."""
        event = self._agree().sudo().event_id
        self.assertTrue(event.with_user(self.officer).has_access("read"))
        for user in (self.manager, self.researcher, self.stranger, self.outsider):
            for model, name in (
                ("calendar.event", "id"),
                ("calendar.attendee", "event_id"),
            ):
                with self.subTest(user=user.login, model=model):
                    count = self._call_as(
                        user, model, "search_count", [[name, "=", event.id]]
                    )
                    self.assertEqual(count, 0)
