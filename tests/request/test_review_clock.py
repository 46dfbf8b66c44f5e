from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DECIDED, DUE, FLOOR, MINUTE, RAISED, RELEASE, ClockCase

ZONES = ("Asia/Riyadh", "UTC", "America/Los_Angeles")


@tagged("post_install", "-at_install", "without_demo")
class TestReviewClock(ClockCase):
    def test_dates_are_the_associations(self):
        """R21: floor, due date and release do not depend on the user's time zone."""
        for zone in ZONES:
            with self.subTest(zone=zone):
                self._set_zone(zone)
                request = self._decide_at(DECIDED, self._raise_at(RAISED))
                self.assertEqual(request.raised_on, RAISED)
                self.assertEqual(request.review_floor_on, FLOOR)
                self.assertEqual(request.reply_due_on, DUE)
                self.assertEqual(request.release_on, RELEASE)

    def test_calendar(self):
        """R22: the calendar shows a reply at its release, due date or floor.

        The floor counts only where there is no due date.
        """
        requests = self._raise_at(RAISED)
        self._make_policy(review_mode="floor")
        requests |= self._raise_at(RAISED)
        self.assertEqual(requests.mapped("reply_on"), [DUE, FLOOR])
        held = self._decide_at(DECIDED, self._raise_at(RAISED))
        requests |= held
        self.assertEqual(held.reply_on, RELEASE)
        for day, shown in (
            (DUE, requests[0]),
            (FLOOR, requests[1]),
            (RELEASE, held),
        ):
            found = requests.search(
                [
                    ("id", "in", requests.ids),
                    ("reply_on", ">=", day - MINUTE),
                    ("reply_on", "<=", day + MINUTE),
                ]
            )
            self.assertEqual(found, shown)
        draft = self._make_request()
        known = requests.browse([*requests.ids, draft.id])
        ours = ("id", "in", known.ids)
        self.assertEqual(known.search([ours, ("reply_on", "=", False)]), draft)
        dated = known.search([ours, ("reply_on", "!=", False)])
        self.assertEqual(dated.sorted("id"), requests)
        self.assertEqual(known.search([ours, ("reply_on", "=", FLOOR)]), requests[1])

    def test_a_minute_before_and_after_the_floor(self):
        """R21: an officer can release a reply only after the floor."""
        request = self._decide_at(DECIDED, self._raise_at(RAISED))
        for zone in ZONES:
            with self.subTest(zone=zone):
                self._set_zone(zone)
                refused = self._try_release(FLOOR - MINUTE, request, self.officer)
                self.assertIn("held until 2026-03-29 10:00", refused)
                self.assertFalse(
                    self._try_release(FLOOR + MINUTE, request, self.officer)
                )

    def test_a_minute_before_and_after_the_release_time(self):
        """R21, R22: the scheduled action releases a reply at its time, not before."""
        for zone in ZONES:
            with self.subTest(zone=zone):
                self._set_zone(zone)
                request = self._decide_at(DECIDED, self._raise_at(RAISED))
                for moment in (FLOOR + MINUTE, RELEASE - MINUTE):
                    self._run_cron(moment)
                    self.assertEqual(request.state, "decided")
                refused = self._try_release(RELEASE - MINUTE, request, self.env.user)
                self.assertEqual(
                    refused.split("\n- ")[1:], ["The reply leaves at its release time."]
                )
                self._run_cron(RELEASE + MINUTE)
                self.assertEqual(request.state, "accepted")
                self.assertEqual(request.released_on, RELEASE + MINUTE)
                self.assertFalse(request.early_release_reason)

    def test_a_minute_before_and_after_the_due_date(self):
        """R21: a reply is overdue from the same moment in every time zone."""
        request = self._raise_at(RAISED)
        for zone in ZONES:
            with self.subTest(zone=zone):
                self._set_zone(zone)
                for moment, overdue in ((DUE - MINUTE, False), (DUE + MINUTE, True)):
                    seen = request.with_user(self.officer).with_context(tz=zone)
                    seen.invalidate_recordset(["is_overdue"])
                    with freeze_time(moment):
                        self.assertEqual(seen.is_overdue, overdue)
                        self.assertEqual(
                            seen.search_count(
                                [("id", "=", request.id), ("is_overdue", "=", True)]
                            ),
                            int(overdue),
                        )

    def test_midnight_in_riyadh(self):
        """R21: the day of raising changes at the association's midnight."""
        self._make_policy(review_unit="working", review_days=10)
        for zone in ZONES:
            self._set_zone(zone)
            for raised, floor in (
                # Wednesday 23:30 in Riyadh: Thursday is the first of ten days.
                (datetime(2026, 3, 18, 20, 30), datetime(2026, 4, 1, 20, 30)),
                # Thursday 00:30 in Riyadh: Sunday is the first of ten days.
                (datetime(2026, 3, 18, 21, 30), datetime(2026, 4, 1, 21, 30)),
            ):
                with self.subTest(zone=zone, raised=raised):
                    request = self._decide_at(
                        raised + timedelta(days=1), self._raise_at(raised)
                    )
                    self.assertEqual(request.review_floor_on, floor)
                    # 1 April, 23:30, and 2 April, 00:30: both before Thursday 09:00.
                    self.assertEqual(request.release_on, datetime(2026, 4, 2, 6))

    def test_a_day_begins_in_riyadh(self):
        """R21: a new day begins at midnight in Riyadh, wherever the user is."""
        for zone in ZONES:
            self._set_zone(zone)
            for decided, release in (
                # Friday 23:59 and Saturday 00:01: the first working day is Sunday.
                (datetime(2026, 4, 3, 20, 59), datetime(2026, 4, 5, 6)),
                (datetime(2026, 4, 3, 21, 1), datetime(2026, 4, 5, 6)),
                # Saturday 23:59 and Sunday 00:01.
                (datetime(2026, 4, 4, 20, 59), datetime(2026, 4, 5, 6)),
                (datetime(2026, 4, 4, 21, 1), datetime(2026, 4, 5, 6)),
                # A minute past nine on Sunday, when it is due: it leaves at once.
                (datetime(2026, 4, 5, 6, 1), datetime(2026, 4, 5, 6, 1)),
            ):
                with self.subTest(zone=zone, decided=decided):
                    request = self._decide_at(decided, self._raise_at(RAISED))
                    self.assertEqual(request.release_on, release)

    def test_not_less_than_two_weeks(self):
        """R21: ten working days are 12 days here; the minimum of 14 days counts."""
        self._make_policy(review_unit="working", review_days=10)
        raised = datetime(2026, 3, 21, 7)  # Saturday
        request = self._decide_at(raised + timedelta(days=1), self._raise_at(raised))
        self.assertEqual(request.review_floor_on, datetime(2026, 4, 4, 7))
        self.assertEqual(request.release_on, datetime(2026, 4, 5, 6))

    def test_modes(self):
        """R21: each mode enforces a floor, a deadline, or both."""
        for mode, floor, due, release in (
            ("floor", FLOOR, False, RELEASE),
            # Decided on Friday: without a floor it leaves on Sunday morning.
            ("deadline", False, FLOOR, datetime(2026, 3, 22, 6)),
            ("window", FLOOR, DUE, RELEASE),
        ):
            with self.subTest(mode=mode):
                self._make_policy(review_mode=mode)
                request = self._decide_at(DECIDED, self._raise_at(RAISED))
                self.assertEqual(
                    (request.review_floor_on, request.reply_due_on, request.release_on),
                    (floor, due, release),
                )
                refused = self._try_release(DECIDED, request, self.officer)
                self.assertEqual(bool(refused), bool(floor))

    def test_the_policy_sets_the_period(self):
        """R21: a period of thirty days in the policy counts, without any code."""
        self._make_policy(review_days=30)
        request = self._raise_at(RAISED)
        self.assertEqual(request.review_floor_on, RAISED + timedelta(days=30))

    def test_a_service_may_take_longer(self):
        """R21: a service may ask for more days than the policy, but not for fewer."""
        with self.assertRaisesRegex(ValidationError, "for more, not for less"):
            self.service.review_days = 13
        self.service.review_days = 20
        longer = self._raise_at(RAISED)
        self.service.review_days = 0
        plain = self._raise_at(RAISED)
        self.assertEqual(longer.review_floor_on, RAISED + timedelta(days=20))
        self.assertEqual(plain.review_floor_on, FLOOR)
        # A later policy with a longer period than the service's counts.
        self.service.review_days = 20
        self._make_policy(review_days=30)
        self.assertEqual(
            self._raise_at(RAISED).review_floor_on, RAISED + timedelta(days=30)
        )
        # Both are decided together, but each reply leaves by its own period.
        self._decide_at(DECIDED, longer)
        self._decide_at(DECIDED, plain)
        self.assertEqual(plain.release_on, RELEASE)
        self.assertEqual(longer.release_on, datetime(2026, 4, 5, 6))

    def test_preview(self):
        """R21, R38: the form says when the reply comes, in both calendars."""
        with freeze_time(RAISED):
            request = self._make_request("declared")
            self.assertEqual(
                request.reply_preview,
                # The floor is Sunday 10:00, after the replies of that day.
                "If raised now: reply from Monday 30 March 2026 (1447/10/11\xa0AH) "
                "until Sunday 5 April 2026 (1447/10/17\xa0AH).",
            )
            self._advance(request, "in_review")
        with freeze_time(DECIDED):
            request.invalidate_recordset(["reply_preview"])
            self.assertEqual(
                request.reply_preview,
                "Reply from Monday 30 March 2026 (1447/10/11\xa0AH) until Sunday 5 "
                "April 2026 (1447/10/17\xa0AH).",
            )
            self._decide(request)
            self.assertEqual(
                request.reply_preview,
                "The reply leaves on Monday 30 March 2026 (1447/10/11\xa0AH).",
            )
        self._make_policy(review_mode="deadline")
        with freeze_time(RAISED):
            draft = self._make_request()
            self.assertIn("reply until Sunday 29 March", draft.reply_preview)
            arabic = draft.with_context(lang="ar_001")
            self.assertIn("مارس", arabic.reply_preview)

    def test_the_association_sets_grace_and_hour(self):
        """R21: grace days and release time are the association's settings."""
        self.company.write(
            {"beneficiary_grace_days": 2, "beneficiary_release_time": 13.5}
        )
        request = self._decide_at(DECIDED, self._raise_at(RAISED))
        self.assertEqual(request.reply_due_on, FLOOR + timedelta(days=2))
        self.assertEqual(request.release_on, datetime(2026, 3, 29, 10, 30))

    def test_holidays_move_the_release(self):
        """R21: no reply leaves on a public holiday of the association."""
        # All of Monday and Tuesday in Riyadh; Wednesday in another association.
        holiday = self._make_holiday(
            self.company, datetime(2026, 3, 29, 21), datetime(2026, 3, 31, 20, 59)
        )
        self._make_holiday(
            self.other, datetime(2026, 3, 31, 21), datetime(2026, 4, 1, 20, 59)
        )
        request = self._decide_at(DECIDED, self._raise_at(RAISED))
        self.assertEqual(request.release_on, datetime(2026, 4, 1, 6))
        holiday.unlink()
        self.assertEqual(
            self._decide_at(DECIDED, self._raise_at(RAISED)).release_on, RELEASE
        )

    def test_holiday_announced_late(self):
        """R21, R22: a holiday added or removed after the decision moves the reply."""
        # The holiday ends with Sunday: the reply would leave on Monday.
        holiday = self._make_holiday(
            self.company, datetime(2026, 3, 27, 21), datetime(2026, 3, 29, 20, 59)
        )
        request = self._decide_at(DECIDED, self._raise_at(RAISED))
        self.assertEqual(request.release_on, RELEASE)
        moved = datetime(2026, 4, 1, 6)
        # The user who enters holidays may read no request.
        user = self._make_user("br_hr", "delegate", self.company)
        user.group_ids = self.env.ref("base.group_system")
        hr = self.env["resource.calendar.leaves"].with_user(user)
        self.assertFalse(request.with_user(user).has_access("read"))
        # The board adds Monday; a royal order adds Tuesday, for all calendars.
        with freeze_time(RELEASE - timedelta(days=1)):
            holiday.with_env(hr.env).date_to = datetime(2026, 3, 30, 20, 59)
            self.assertEqual(request.release_on, RELEASE + timedelta(days=1))
            everybodys = hr.create(
                {
                    "name": "Royal order",
                    "date_from": datetime(2026, 3, 30, 21),
                    "date_to": datetime(2026, 3, 31, 20, 59),
                }
            )
            self.assertFalse(everybodys.calendar_id)
            self.assertEqual(request.release_on, moved)
            called_off = hr.create(
                {
                    "name": "Called off",
                    "date_from": datetime(2026, 3, 31, 21),
                    "date_to": datetime(2026, 4, 1, 20, 59),
                }
            )
            self.assertEqual(request.release_on, moved + timedelta(days=1))
            called_off.unlink()
            self.assertEqual(request.release_on, moved)
        woken = self.env["ir.cron.trigger"].search([("call_at", "=", moved)])
        self.assertEqual(woken.cron_id, self.cron)
        for moment in (RELEASE, RELEASE + timedelta(days=1), moved - MINUTE):
            self._run_cron(moment)
            self.assertEqual(request.state, "decided")
        self._run_cron(moved)
        self.assertEqual((request.state, request.released_on), ("accepted", moved))

    def test_holidays_of_others(self):
        """R21: time off of one person or of another association moves no reply."""
        calendar = self._make_holiday(
            self.other, datetime(2026, 3, 28, 21), datetime(2026, 4, 2, 20, 59)
        ).calendar_id
        request = self._decide_at(DECIDED, self._raise_at(RAISED))
        week = {
            "date_from": datetime(2026, 3, 28, 21),
            "date_to": datetime(2026, 4, 2, 20, 59),
        }
        person = self.env["resource.resource"].create(
            {"name": "Somebody", "company_id": self.company.id, "calendar_id": False}
        )
        leaves = self.env["resource.calendar.leaves"].with_company(self.company)
        with freeze_time(DECIDED):
            leaves.create([{**week, "resource_id": person.id}])
            leaves.create([{**week, "calendar_id": calendar.id}])
            self.assertEqual(request.release_on, RELEASE)
        with freeze_time(RELEASE):  # the reply leaves now
            leaves.create(week)
        self.assertEqual(request.release_on, RELEASE)

    def test_holidays_stretch_working_days(self):
        """R21: a holiday does not count as a working day of the period."""
        self._make_policy(review_unit="working", review_days=10, review_minimum_days=0)
        # Sunday 22 to Thursday 26 March: the week of the feast.
        self._make_holiday(
            self.company, datetime(2026, 3, 21, 21), datetime(2026, 3, 26, 20, 59)
        )
        request = self._raise_at(RAISED)
        # 16-19 March, 29 March-2 April and 5 April make ten days.
        self.assertEqual(request.review_floor_on, datetime(2026, 4, 5, 7))

    def test_a_calendar_of_ones_own(self):
        """R21: the association's own calendar tells its working days."""
        calendar = self.env["resource.calendar"].create(
            {"name": "Every day", "tz": "Asia/Dubai", "company_id": self.company.id}
        )
        calendar.attendance_ids.unlink()
        calendar.attendance_ids = [
            fields.Command.create(
                {"name": "Fri", "dayofweek": "4", "hour_from": 8, "hour_to": 16}
            )
        ]
        self.company.beneficiary_calendar_id = calendar
        request = self._decide_at(DECIDED, self._raise_at(RAISED))
        # Friday at 09:00 in Dubai.
        self.assertEqual(request.release_on, datetime(2026, 4, 3, 5))

    def test_early_release(self):
        """R21: the chair or a manager can release early, with a reason that is kept."""
        request = self._decide_at(DECIDED, self._raise_at(RAISED))
        for user in (self.manager, self.chair):
            for reason in (None, "", " \n "):
                self.assertIn(
                    "Write why the reply leaves",
                    self._try_release(DECIDED, request, user, reason),
                )
            self.assertFalse(self._try_release(DECIDED, request, user, "Eviction"))
        self.assertIn(
            "held until", self._try_release(DECIDED, request, self.officer, "Eviction")
        )
        self.assertTrue(self._try_release(DECIDED, request, self.member, "Eviction"))
        with freeze_time(DECIDED):
            request.with_user(self.chair).action_release(reason="Eviction tomorrow")
        self.assertEqual(request.early_release_reason, "Eviction tomorrow")
        self.assertEqual((request.state, request.released_on), ("accepted", DECIDED))

    def test_early_reason_is_for_early_replies(self):
        """R21: a reply released after the floor has no reason for an early release."""
        request = self._decide_at(DECIDED, self._raise_at(RAISED))
        with freeze_time(FLOOR + MINUTE):
            request.with_user(self.manager).action_release(reason="Just so")
        self.assertFalse(request.early_release_reason)

    def test_overdue(self):
        """R21: search and compute of "overdue" agree, and nothing is stored."""
        late = self._raise_at(RAISED - timedelta(days=10))
        on_time = self._raise_at(RAISED)
        decided = self._decide_at(DECIDED, self._raise_at(RAISED - timedelta(days=10)))
        draft = self._make_request()
        self._make_policy(review_mode="floor")
        endless = self._raise_at(RAISED - timedelta(days=10))
        requests = late | on_time | decided | draft | endless
        field = requests._fields["is_overdue"]
        self.assertFalse(field.store)
        ours = [("id", "in", requests.ids)]
        with freeze_time(DUE - MINUTE):
            late |= decided  # it should have left long ago
            self.assertEqual(requests.filtered("is_overdue"), late)
            for operator, value, expected in (
                ("=", True, late),
                ("!=", False, late),
                ("in", [True], late),
                ("=", False, requests - late),
                ("!=", True, requests - late),
                ("in", [True, False], requests),
            ):
                with self.subTest(operator=operator, value=value):
                    self.assertEqual(
                        requests.search([*ours, ("is_overdue", operator, value)]),
                        expected.sorted("id", reverse=True),
                    )

    def test_one_trigger_a_moment(self):
        """R22: replies of one moment share one trigger of the scheduled action."""
        requests = [self._raise_at(RAISED) for _number in range(3)]
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])
        for request in requests:
            self._decide_at(DECIDED, request)
        later = self._decide_at(RELEASE + MINUTE, self._raise_at(RAISED))
        fresh = self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])
        self.assertEqual(
            sorted((fresh - triggers).mapped("call_at")), [RELEASE, later.release_on]
        )

    def test_release_of_many(self):
        """R22: one run releases all due replies, in several batches."""
        requests = self.env["beneficiary.request"].concat(
            *(self._decide_at(DECIDED, self._raise_at(RAISED)) for _ in range(5))
        )
        with patch(
            "odoo.addons.beneficiary_relations.models.mixins.sweep_mixin.BATCH", 2
        ):
            self._run_cron(RELEASE)
        self.assertEqual(set(requests.mapped("state")), {"accepted"})

    def test_out_of_time(self):
        """R22: a run out of time tells the scheduler what remains, and is run again.

        The other tasks of the scheduled action never make it look finished.
        """
        for _number in range(3):
            self._decide_at(DECIDED, self._raise_at(RAISED))
        self._raise_at(RAISED - timedelta(days=20))  # late, and to be escalated
        told = []

        def commit(cron, processed=0, *, remaining=None, deactivate=False):
            told.append(remaining)
            return 0

        with (
            patch(
                "odoo.addons.beneficiary_relations.models.mixins.sweep_mixin.BATCH", 2
            ),
            patch.object(self.registry["ir.cron"], "_commit_progress", commit),
        ):
            for remaining in ([1], [0, 0, 0, 0]):
                told.clear()
                self._run_cron(RELEASE)
                self.assertEqual(told, remaining)

    def test_telling_fails_too(self):
        """R22: a reply that cannot leave is put off, and the others leave.

        This holds even if the message about the failure fails too.
        """
        bad, good = (self._decide_at(DECIDED, self._raise_at(RAISED)) for _ in "ab")
        queue = self.registry["beneficiary.notice"]._queue

        def fail(notices, requests, event):
            if bad in requests:
                raise ValueError("No paper left")
            return queue(notices, requests, event)

        with (
            patch.object(self.registry["beneficiary.notice"], "_queue", fail),
            patch.object(
                self.registry["beneficiary.request"],
                "_tell_late",
                side_effect=ValueError("No ink left"),
            ),
            mute_logger("odoo.addons.beneficiary_relations.models.mixins.sweep_mixin"),
        ):
            self._run_cron(RELEASE)
        self.assertEqual((bad.state, good.state), ("decided", "accepted"))
        self.assertEqual(bad.clock_error, "No paper left")
        self.assertEqual(bad.clock_retry_on, RELEASE + 60 * MINUTE)

    def test_kept_from_leaving(self):
        """R21: a reply that cannot leave is overdue after its due date."""
        request = self._decide_at(DECIDED, self._raise_at(RAISED))
        with (
            patch.object(
                self.registry["beneficiary.request"],
                "_do_release",
                side_effect=ValueError("No paper left"),
            ),
            mute_logger("odoo.addons.beneficiary_relations.models.mixins.sweep_mixin"),
        ):
            self._run_cron(RELEASE)
        for moment, overdue in ((DUE - MINUTE, False), (DUE + MINUTE, True)):
            request.invalidate_recordset(["is_overdue"])
            with freeze_time(moment):
                self.assertEqual(request.is_overdue, overdue)
                found = request.search([("is_overdue", "=", True)])
                self.assertEqual(request in found, overdue)

    def test_another_service_takes_longer(self):
        """R21: a service chosen after a return may lengthen the period.

        It never shortens a period that was promised.
        """
        longer, shorter = self.service.copy(), self.service.copy()
        longer.review_days = 30
        request = self._raise_at(RAISED)
        with freeze_time(DECIDED):
            request.with_user(self.manager).action_return(reason="A paper")
        for service in (longer, shorter):
            request.with_user(self.officer).service_id = service
            with freeze_time(DECIDED + timedelta(days=2)):
                if request.state == "submitted":
                    self._advance(request, "in_review")
                    self.assertEqual(request.raised_on, RAISED)
                    floor = RAISED + timedelta(days=30)
                    self.assertEqual(request.review_floor_on, floor)
                    # Two days of waiting for the applicant, and a week of grace.
                    due = floor + timedelta(days=9)
                    self.assertEqual(request.reply_due_on, due)
                    decision = request._get_current_decision()
                    self.assertEqual(decision.review_floor_on, floor)
                    request.with_user(self.manager).action_return(reason="Another")
        self.assertEqual(request.review_floor_on, floor)

    def test_delegates_change_the_service(self):
        """R21: a delegate, who reads no decision, can change the service too.

        The dates of the returned request follow.
        """
        branch = self.env["beneficiary.branch"].create(
            {
                "name": "North",
                "company_id": self.company.id,
                "delegate_ids": [fields.Command.link(self.delegate.id)],
            }
        )
        longer = self.service.copy({"review_days": 30})
        self.file.branch_id = branch
        request = self._raise_at(RAISED)
        with freeze_time(DECIDED):
            request.with_user(self.manager).action_return(reason="A paper")
            self.env.invalidate_all()
            request.with_user(self.delegate).service_id = longer
        self.assertEqual(request.review_floor_on, RAISED + timedelta(days=30))

    def test_working_days_follow_late_holidays(self):
        """R21: a holiday entered late moves the dates of running and held requests."""
        self._make_policy(review_unit="working", review_days=10)
        self._make_holiday(
            self.company, datetime(2026, 7, 1, 21), datetime(2026, 7, 2, 20, 59)
        )
        running = self._raise_at(RAISED)
        held = self._decide_at(DECIDED, self._raise_at(RAISED))
        returned = self._raise_at(RAISED)
        with freeze_time(DECIDED):
            returned.with_user(self.manager).action_return(reason="A paper")
            self.assertEqual(held.release_on, RELEASE)
            # Sunday 22 to Wednesday 25 March: 16-19, 26, 29-31 March, 1-2 April.
            feast = self.env["resource.calendar.leaves"].create(
                {
                    "name": "Feast",
                    "calendar_id": self.company.beneficiary_calendar_id.id,
                    "date_from": datetime(2026, 3, 21, 21),
                    "date_to": datetime(2026, 3, 25, 20, 59),
                }
            )
        floor = datetime(2026, 4, 2, 7)
        for request in (running, held, returned):
            self.assertEqual(request.review_floor_on, floor)
            self.assertEqual(request.reply_due_on, floor + timedelta(days=7))
        for request in (running, held):
            decision = request._get_current_decision()
            self.assertEqual(decision.review_floor_on, floor)
        # The replies of that Thursday have left by then: this one leaves on Sunday.
        self.assertEqual(held.release_on, datetime(2026, 4, 5, 6))
        # Changed dates reset the escalation.
        running._write_flow({"escalation": "2_chair"})
        # A changed number of grace days applies to new requests only.
        self.company.beneficiary_grace_days = 1
        with freeze_time(DECIDED):
            feast.unlink()
        self.assertEqual(running.escalation, "0_none")
        self.assertEqual((running.review_floor_on, running.reply_due_on), (FLOOR, DUE))
        self.assertEqual(held.release_on, RELEASE)

    def test_long_holidays_in_calendar_days(self):
        """R21: no reply is due before it can leave, and holidays count at once."""
        running = self._raise_at(RAISED)
        paused = self._raise_at(RAISED)
        with freeze_time(DECIDED):
            paused.with_user(self.manager).action_return(reason="A paper")
        # From the day of the floor to a week after the due date.
        with freeze_time(DECIDED + timedelta(days=2)):
            feast_id = self._call_as(
                self.manager,
                "resource.calendar.leaves",
                "create",
                {
                    "name": "Feast",
                    "date_from": datetime(2026, 3, 28, 21),
                    "date_to": datetime(2026, 4, 11, 20, 59),
                },
            )
            first = datetime(2026, 4, 12, 6)
            for request in (running, paused):
                self.assertEqual(request.review_floor_on, FLOOR)
                self.assertEqual(request.reply_due_on, first)
            draft = self._make_request().with_user(self.officer)
            for request, moment in ((running, first), (draft, None)):
                sentence = request.with_user(self.officer).reply_preview
                self.assertTrue(sentence)
                if moment:
                    day = request._format_day(moment)
                    self.assertEqual(sentence.count(day), 2, sentence)
            paused.with_user(self.officer).action_resume()
            self.assertEqual(paused.reply_due_on, first + timedelta(days=2))
            feast = self.env["resource.calendar.leaves"].browse(feast_id)
            self._call_as(self.manager, feast._name, "unlink", feast.ids)
        self.assertEqual(running.reply_due_on, DUE)
        self.assertEqual(paused.reply_due_on, DUE + timedelta(days=2))

    def test_decision_on_the_last_day(self):
        """R21: a reply leaves on its last working day while an hour of it is left."""
        closing = datetime(2026, 4, 5, 13)  # 16:00 in Riyadh
        hour = timedelta(hours=1)
        next_day = datetime(2026, 4, 6, 6)
        for decided, leaves in (
            (DUE - timedelta(days=1), datetime(2026, 4, 5, 6)),  # on the Saturday
            (DUE - timedelta(hours=2), datetime(2026, 4, 5, 6)),
            (DUE - MINUTE, DUE - MINUTE),
            (closing - hour, closing - hour),
            (closing - hour + MINUTE, next_day),
        ):
            with self.subTest(decided=decided):
                request = self._decide_at(decided, self._raise_at(RAISED))
                self.assertEqual(request.release_on, leaves)

    def test_part_of_a_day_off(self):
        """R21: two hours off do not make a holiday."""
        self._make_holiday(
            self.company, datetime(2026, 3, 30, 10), datetime(2026, 3, 30, 12)
        )
        self.assertEqual(
            self._decide_at(DECIDED, self._raise_at(RAISED)).release_on, RELEASE
        )

    def test_breaks_are_no_work(self):
        """R21: a day that has only a break in the calendar is no working day."""
        calendar = self.env.ref("beneficiary_relations.resource_calendar_riyadh")
        calendar = calendar.copy({"company_id": self.company.id})
        self.company.beneficiary_calendar_id = calendar
        monday = calendar.attendance_ids.filtered(lambda line: line.dayofweek == "0")
        monday.day_period = "lunch"
        request = self._decide_at(DECIDED, self._raise_at(RAISED))
        self.assertEqual(request.release_on, RELEASE + timedelta(days=1))

    def _make_holiday(self, company, start, end):
        """Give ``company`` a Sunday-to-Thursday calendar with one public holiday."""
        calendar = self.env.ref("beneficiary_relations.resource_calendar_riyadh")
        company.beneficiary_calendar_id = calendar.copy({"company_id": company.id})
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": company.beneficiary_calendar_id.id,
                "date_from": start,
                "date_to": end,
            }
        )
