import os
import time
from datetime import date, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from odoo.tests import BaseCase, tagged

from ...rules import RuleError
from ...rules.clock import (
    Pause,
    ReviewPeriod,
    WorkCalendar,
    due_day,
    end_of_day,
    on_working_day,
    release_on,
    review_dates,
)

SUNDAY_TO_THURSDAY = WorkCalendar()
MINUTE = timedelta(minutes=1)

# Eid al-Fitr 1447 falls on Friday 2026-03-20; this association is closed from the
# Wednesday before it to the Tuesday after it.
WITH_EID = WorkCalendar(holidays=frozenset(date(2026, 3, day) for day in range(18, 25)))


def utc(text, zone="Asia/Riyadh"):
    """Return a local "YYYY-MM-DD HH:MM" as naive UTC; None stays None."""
    if text is None:
        return None
    aware = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return aware.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


@tagged("post_install", "-at_install", "without_demo")
class TestRulesClock(BaseCase):
    def assertDates(self, dates, floor, due, zone="Asia/Riyadh"):
        self.assertEqual((dates.floor, dates.due), (utc(floor, zone), utc(due, zone)))

    def assertRefused(self, code, params, function, *args, **kwargs):
        with self.assertRaises(RuleError) as caught:
            function(*args, **kwargs)
        self.assertEqual(
            (caught.exception.code, caught.exception.params), (code, params)
        )

    def test_due_day(self):
        """R15: days to answer count from the next day in the local time zone."""
        table = [
            # sent, days, unit, calendar, due
            ("2026-03-15 10:00", 5, "working", SUNDAY_TO_THURSDAY, (2026, 3, 22)),
            ("2026-03-15 10:00", 5, "calendar", SUNDAY_TO_THURSDAY, (2026, 3, 22)),
            ("2026-03-15 10:00", 5, "working", WITH_EID, (2026, 3, 29)),
            ("2026-03-19 10:00", 1, "working", SUNDAY_TO_THURSDAY, (2026, 3, 22)),
            # A minute before and at midnight in Riyadh: another day.
            ("2026-03-15 23:59", 1, "calendar", SUNDAY_TO_THURSDAY, (2026, 3, 16)),
            ("2026-03-16 00:00", 1, "calendar", SUNDAY_TO_THURSDAY, (2026, 3, 17)),
        ]
        for sent, days, unit, calendar, due in table:
            with self.subTest(sent=sent, days=days, unit=unit):
                self.assertEqual(
                    due_day(utc(sent), days, unit, calendar, "Asia/Riyadh"), date(*due)
                )

    def test_nothing_is_due_while_nobody_works(self):
        """R21, R48: a due date moves from a weekend or a holiday to the next working
        day, at the same local time; a working day stays as it is."""
        for calendar, moment, due in (
            (SUNDAY_TO_THURSDAY, "2026-03-19 10:00", "2026-03-19 10:00"),
            (SUNDAY_TO_THURSDAY, "2026-03-20 00:00", "2026-03-22 00:00"),  # Friday
            (SUNDAY_TO_THURSDAY, "2026-03-21 23:59", "2026-03-22 23:59"),  # Saturday
            (WITH_EID, "2026-03-18 10:00", "2026-03-25 10:00"),  # the first of Eid
        ):
            with self.subTest(moment=moment):
                found = on_working_day(utc(moment), calendar, "Asia/Riyadh")
                self.assertEqual(found, utc(due))
        # 22:30 UTC on Thursday is Friday in Riyadh.
        late = on_working_day(
            datetime(2026, 3, 19, 22, 30), SUNDAY_TO_THURSDAY, "Asia/Riyadh"
        )
        self.assertEqual(late, datetime(2026, 3, 21, 22, 30))

    def test_end_of_day(self):
        """R15: a day ends at its last second, in the association's time zone."""
        for zone in ("Asia/Riyadh", "America/New_York", "Pacific/Auckland"):
            with self.subTest(zone=zone):
                self.assertEqual(
                    end_of_day(date(2026, 3, 22), zone),
                    utc("2026-03-22 23:59:59", zone),
                )

    def test_floor_and_due_of_every_mode_and_unit(self):
        """R21: the check values, by hand, in every mode and unit."""
        sunday, saturday = "2026-03-15 10:00", "2026-03-21 10:00"
        table = [
            # mode, unit, days, raised, floor, due
            ("floor", "calendar", 14, sunday, "2026-03-29 10:00", None),
            ("deadline", "calendar", 14, sunday, None, "2026-03-29 10:00"),
            ("window", "calendar", 14, sunday, "2026-03-29 10:00", "2026-04-05 10:00"),
            ("floor", "working", 10, sunday, "2026-03-29 10:00", None),
            ("deadline", "working", 10, sunday, None, "2026-03-29 10:00"),
            ("window", "working", 10, sunday, "2026-03-29 10:00", "2026-04-05 10:00"),
            # Ten working days from a Saturday are twelve days: the floor is two weeks
            # all the same, and a deadline is the period as the board wrote it.
            ("floor", "working", 10, saturday, "2026-04-04 10:00", None),
            ("deadline", "working", 10, saturday, None, "2026-04-02 10:00"),
            ("window", "working", 10, saturday, "2026-04-04 10:00", "2026-04-12 10:00"),
            ("floor", "calendar", 5, sunday, "2026-03-29 10:00", None),
            # Friday: the Sunday after it.
            ("deadline", "calendar", 5, sunday, None, "2026-03-22 10:00"),
            ("window", "calendar", 30, sunday, "2026-04-14 10:00", "2026-04-21 10:00"),
            ("deadline", "working", 1, saturday, None, "2026-03-22 10:00"),
        ]
        for mode, unit, days, raised, floor, due in table:
            with self.subTest(mode=mode, unit=unit, days=days, raised=raised):
                period = ReviewPeriod(mode, days, unit)
                dates = review_dates(utc(raised), period, SUNDAY_TO_THURSDAY)
                self.assertDates(dates, floor, due)

    def test_the_minimum_follows_the_policy(self):
        """R21: two weeks are the minimum only if the policy says so."""
        period = ReviewPeriod("window", 3, minimum_days=0, grace_days=1)
        dates = review_dates(utc("2026-03-15 10:00"), period, SUNDAY_TO_THURSDAY)
        self.assertDates(dates, "2026-03-18 10:00", "2026-03-19 10:00")

    def test_the_reply_waits_for_a_release_hour(self):
        """R21: the release is the first 09:00 of a working day from the floor on."""
        period = ReviewPeriod("window", 14)
        early = utc("2026-03-16 12:00")
        table = [
            # floor, release
            ("2026-04-04 10:00", "2026-04-05 09:00"),  # Saturday
            ("2026-03-29 08:59", "2026-03-29 09:00"),
            ("2026-03-29 09:00", "2026-03-29 09:00"),
            ("2026-03-29 09:01", "2026-03-30 09:00"),
            ("2026-04-02 09:01", "2026-04-05 09:00"),  # over the weekend
            ("2026-03-29 00:30", "2026-03-29 09:00"),  # still Saturday in UTC
        ]
        for floor, release in table:
            with self.subTest(floor=floor):
                moment = release_on(utc(floor), early, period, SUNDAY_TO_THURSDAY)
                self.assertEqual(moment, utc(release))

    def test_nothing_is_due_before_it_can_leave(self):
        """R21: a feast that is longer than the grace days moves the due date along."""
        period = ReviewPeriod("window", 14, grace_days=2)
        dates = review_dates(utc("2026-03-05 10:00"), period, WITH_EID)
        self.assertDates(dates, "2026-03-19 10:00", "2026-03-25 09:00")
        pauses = (Pause(utc("2026-03-06 10:00"), utc("2026-03-07 10:00")),)
        dates = review_dates(utc("2026-03-05 10:00"), period, WITH_EID, pauses)
        self.assertDates(dates, "2026-03-19 10:00", "2026-03-26 09:00")

    def test_a_late_reply_leaves_on_the_same_working_day(self):
        """R21: what would be late leaves at once while an hour of work is left."""
        period = ReviewPeriod("window", 14)
        closes_early = WorkCalendar(closing={6: 13.5})
        due = utc("2026-04-05 10:00")  # a Sunday
        table = [
            # decided, calendar, release
            ("2026-04-05 08:00", SUNDAY_TO_THURSDAY, "2026-04-05 09:00"),
            ("2026-04-05 09:30", SUNDAY_TO_THURSDAY, "2026-04-05 09:30"),
            ("2026-04-05 15:00", SUNDAY_TO_THURSDAY, "2026-04-05 15:00"),
            ("2026-04-05 15:01", SUNDAY_TO_THURSDAY, "2026-04-06 09:00"),
            ("2026-04-05 12:30", closes_early, "2026-04-05 12:30"),
            ("2026-04-05 12:31", closes_early, "2026-04-06 09:00"),
            # Already late, on a working day and on a Friday.
            ("2026-04-07 11:00", SUNDAY_TO_THURSDAY, "2026-04-07 11:00"),
            ("2026-04-10 11:00", SUNDAY_TO_THURSDAY, "2026-04-12 09:00"),
            # In time: it waits for the next release hour.
            ("2026-04-02 11:00", SUNDAY_TO_THURSDAY, "2026-04-05 09:00"),
        ]
        floor = utc("2026-03-29 10:00")
        for decided, calendar, release in table:
            with self.subTest(decided=decided, closing=calendar.closing):
                moment = release_on(floor, utc(decided), period, calendar, due)
                self.assertEqual(moment, utc(release))

    def test_a_minute_before_and_after_the_floor(self):
        """R21: a decision before the floor waits for it; a later one does not."""
        floor = utc("2026-03-29 10:00")
        at_the_floor = ReviewPeriod("floor", 14, release_hour=10.0)
        for decided, release in (
            (floor - timedelta(days=10), "2026-03-29 10:00"),
            (floor - MINUTE, "2026-03-29 10:00"),
            (floor, "2026-03-29 10:00"),
            (floor + MINUTE, "2026-03-30 10:00"),
        ):
            with self.subTest(decided=decided):
                moment = release_on(floor, decided, at_the_floor, SUNDAY_TO_THURSDAY)
                self.assertEqual(moment, utc(release))
        a_minute_early = ReviewPeriod("floor", 14, release_hour=9 + 59 / 60)
        moment = release_on(floor, floor - MINUTE, a_minute_early, SUNDAY_TO_THURSDAY)
        self.assertEqual(moment, utc("2026-03-30 09:59"))

    def test_without_a_floor_the_decision_alone_sets_the_release(self):
        """R21: in mode deadline, a decision waits only for the next release hour."""
        period = ReviewPeriod("deadline", 14, release_hour=13.5)
        decided = utc("2026-03-19 13:31")
        moment = release_on(None, decided, period, SUNDAY_TO_THURSDAY)
        self.assertEqual(moment, utc("2026-03-22 13:30"))

    def test_the_release_moment_is_exact_to_the_second(self):
        """R22: all replies of a morning have the same moment, to the second."""
        decided = utc("2026-03-29 08:00").replace(second=17, microsecond=123456)
        moment = release_on(
            None, decided, ReviewPeriod("deadline", 14), SUNDAY_TO_THURSDAY
        )
        self.assertEqual(moment, utc("2026-03-29 09:00"))

    def test_holidays_move_the_end_and_the_release(self):
        """R21: Eid al-Fitr 2026, counted by hand.

        From Sunday the 15th: 16, 17 (2), then closed until the 24th; 25, 26 (4);
        29, 30, 31, 1, 2 (9); Sunday 5 April (10).
        """
        period = ReviewPeriod("window", 10, "working")
        dates = review_dates(utc("2026-03-15 10:00"), period, WITH_EID)
        self.assertDates(dates, "2026-04-05 10:00", "2026-04-12 10:00")
        moment = release_on(dates.floor, utc("2026-03-16 09:00"), period, WITH_EID)
        self.assertEqual(moment, utc("2026-04-06 09:00"))
        # Calendar days run through the holiday, but nothing is sent during it.
        period = ReviewPeriod("floor", 14)
        dates = review_dates(utc("2026-03-05 10:00"), period, WITH_EID)
        self.assertDates(dates, "2026-03-19 10:00", None)
        moment = release_on(dates.floor, utc("2026-03-08 09:00"), period, WITH_EID)
        self.assertEqual(moment, utc("2026-03-25 09:00"))

    def test_working_days_are_the_associations(self):
        """R21: an association that works Monday to Friday counts its own week."""
        calendar = WorkCalendar(weekdays=frozenset(range(5)))
        period = ReviewPeriod("deadline", 5, "working")
        dates = review_dates(utc("2026-03-19 10:00"), period, calendar)
        self.assertDates(dates, None, "2026-03-26 10:00")

    def test_a_day_begins_in_the_associations_time_zone(self):
        """R21: at 22:30 UTC Thursday is over in Riyadh and not in Los Angeles."""
        raised = datetime(2026, 3, 19, 22, 30)
        for zone, due in (
            ("Asia/Riyadh", datetime(2026, 3, 21, 22, 30)),  # Friday, then Sunday
            ("America/Los_Angeles", datetime(2026, 3, 22, 22, 30)),
        ):
            with self.subTest(zone=zone):
                period = ReviewPeriod("deadline", 1, "working", timezone=zone)
                dates = review_dates(raised, period, SUNDAY_TO_THURSDAY)
                self.assertEqual(dates.due, due)

    def test_the_servers_time_zone_does_not_matter(self):
        """R21: the dates are the same on a server in Tokyo."""
        self.addCleanup(time.tzset)
        tokyo = patch.dict(os.environ, TZ="Asia/Tokyo")
        tokyo.start()
        self.addCleanup(tokyo.stop)
        time.tzset()
        period = ReviewPeriod("window", 10, "working")
        dates = review_dates(utc("2026-03-21 10:00"), period, SUNDAY_TO_THURSDAY)
        self.assertDates(dates, "2026-04-04 10:00", "2026-04-12 10:00")
        moment = release_on(dates.floor, dates.floor, period, SUNDAY_TO_THURSDAY)
        self.assertEqual(moment, utc("2026-04-05 09:00"))

    def test_the_release_is_at_the_associations_nine_o_clock(self):
        """R21: 09:00 in the association's time zone, on its own working day."""
        decided = datetime(2026, 3, 15, 5, 0)  # Sunday 08:00 in Riyadh
        for zone, release in (
            ("Asia/Riyadh", datetime(2026, 3, 15, 6, 0)),
            ("Asia/Karachi", datetime(2026, 3, 16, 4, 0)),  # 10:00: tomorrow
            ("America/Los_Angeles", datetime(2026, 3, 15, 16, 0)),  # Saturday 22:00
        ):
            with self.subTest(zone=zone):
                period = ReviewPeriod("deadline", 14, timezone=zone)
                moment = release_on(None, decided, period, SUNDAY_TO_THURSDAY)
                self.assertEqual(moment, release)

    def test_clocks_that_change(self):
        """R21: two weeks are 336 hours even if the clocks change in between."""
        zone = "America/Los_Angeles"
        period = ReviewPeriod("window", 14, timezone=zone)
        raised = utc("2026-03-01 10:00", zone)
        dates = review_dates(raised, period, SUNDAY_TO_THURSDAY)
        # The clocks went forward on the 8th: 10:00 would be 335 hours.
        self.assertDates(dates, "2026-03-15 11:00", "2026-03-22 11:00", zone)
        self.assertEqual(dates.floor - raised, timedelta(hours=336))
        # They go back on 1 November: the same local time is 337 hours.
        raised = utc("2026-10-25 10:00", zone)
        dates = review_dates(raised, period, SUNDAY_TO_THURSDAY)
        self.assertDates(dates, "2026-11-08 10:00", "2026-11-15 10:00", zone)
        self.assertEqual(dates.floor - raised, timedelta(hours=337))

    def test_an_hour_that_does_not_exist_or_comes_twice(self):
        """R21: a moment inside a clock change is converted as well."""
        zone = "America/Los_Angeles"
        period = ReviewPeriod("deadline", 1, release_hour=2.5, timezone=zone)
        # 02:30 on 8 March is skipped: an hour later by the wall.
        dates = review_dates(utc("2026-03-07 02:30", zone), period, SUNDAY_TO_THURSDAY)
        self.assertDates(dates, None, "2026-03-08 03:30", zone)
        decided = utc("2026-03-08 01:00", zone)
        moment = release_on(None, decided, period, SUNDAY_TO_THURSDAY)
        self.assertEqual(moment, utc("2026-03-08 03:30", zone))
        # Raised at the second 01:30 of 1 November, 09:30 UTC; the day after has one.
        dates = review_dates(datetime(2026, 11, 1, 9, 30), period, SUNDAY_TO_THURSDAY)
        self.assertDates(dates, None, "2026-11-02 01:30", zone)
        # The same local time lands on a skipped hour from a doubled one.
        period = ReviewPeriod("deadline", 133, timezone=zone)
        raised = datetime(2025, 11, 2, 9, 30)
        dates = review_dates(raised, period, SUNDAY_TO_THURSDAY)
        self.assertDates(dates, None, "2026-03-15 01:30", zone)

    def test_pauses_move_the_due_date_and_never_the_floor(self):
        """R21: waiting for the applicant moves the due date and never the floor."""
        day = timedelta(days=1)
        raised = utc("2026-03-15 10:00")
        now = raised + 9 * day
        table = [
            # pauses in days from the raising, number of paused days
            ([(1, 3)], 2),
            ([(1, 3), (5, 6)], 3),
            ([(5, 6), (1, 3)], 3),
            ([(1, 4), (2, 6)], 5),  # overlapping
            ([(1, 6), (2, 3)], 5),  # one inside the other
            ([(1, 3), (3, 5)], 4),
            ([(-2, 1)], 1),  # only what lies after the raising
            ([(-3, -1)], 0),
            ([(4, 2)], 0),
            ([(6, None)], 3),  # open, up to now
            ([(6, None), (7, None)], 3),
            ([(1, 3), (2, None)], 8),
            ([(10, None)], 0),  # not begun yet
        ]
        for spans, paused in table:
            pauses = [
                Pause(raised + start * day, None if end is None else raised + end * day)
                for start, end in spans
            ]
            for mode, floor, due in (
                ("floor", raised + 14 * day, None),
                ("deadline", None, raised + (14 + paused) * day),
                ("window", raised + 14 * day, raised + (21 + paused) * day),
            ):
                with self.subTest(mode=mode, spans=spans):
                    period = ReviewPeriod(mode, 14)
                    dates = review_dates(raised, period, WITH_EID, pauses, now)
                    due = due and on_working_day(due, WITH_EID, "Asia/Riyadh")
                    self.assertEqual((dates.floor, dates.due), (floor, due))

    def test_an_open_pause_needs_a_now(self):
        """R21: an open pause is an error if the present time is not given."""
        raised = utc("2026-03-15 10:00")
        pauses = (Pause(raised + MINUTE),)
        for mode in ("deadline", "window"):
            period = ReviewPeriod(mode, 14)
            args = raised, period, SUNDAY_TO_THURSDAY, pauses
            self.assertRefused("open_pause_without_now", {}, review_dates, *args)
        dates = review_dates(
            raised, ReviewPeriod("floor", 14), SUNDAY_TO_THURSDAY, pauses
        )
        self.assertDates(dates, "2026-03-29 10:00", None)

    def test_the_defaults_are_the_policies_and_the_products(self):
        """R21: the defaults: two weeks, a week of grace, nine o'clock in Riyadh."""
        self.assertEqual(
            ReviewPeriod("window", 14),
            ReviewPeriod("window", 14, "calendar", 14, 7, 9.0, "Asia/Riyadh"),
        )
        week = [date(2026, 3, day) for day in range(15, 22)]  # from a Sunday
        working = [SUNDAY_TO_THURSDAY.is_working(day) for day in week]
        self.assertEqual(working, [True] * 5 + [False] * 2)

    def test_a_period_that_makes_no_sense_is_refused(self):
        """R21: an unknown mode, an empty period or an empty week is refused."""
        days = {"days": 14, "minimum_days": 14, "grace_days": 7}
        for code, kwargs, params in (
            ("period_mode", {"mode": "soon"}, {"mode": "soon"}),
            ("period_unit", {"unit": "weeks"}, {"unit": "weeks"}),
            ("period_days", {"days": 0}, {**days, "days": 0}),
            ("period_days", {"minimum_days": -1}, {**days, "minimum_days": -1}),
            ("period_days", {"grace_days": -1}, {**days, "grace_days": -1}),
            ("period_release_hour", {"release_hour": -0.5}, {"hour": -0.5}),
            ("period_release_hour", {"release_hour": 24.0}, {"hour": 24.0}),
        ):
            with self.subTest(kwargs=kwargs):
                values = {"mode": "window", "days": 14, **kwargs}
                self.assertRefused(code, params, ReviewPeriod, **values)
        ReviewPeriod("window", 1, minimum_days=0, grace_days=0, release_hour=0.0)
        code = "calendar_without_working_day"
        for weekdays in (frozenset(), frozenset({7})):
            self.assertRefused(code, {}, WorkCalendar, weekdays)
        self.assertTrue(WorkCalendar(frozenset({6})).is_working(date(2026, 3, 15)))
