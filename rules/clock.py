"""The review clock: from raising a request to the dates of its reply (R21).

The policies promise a reply "within a period of not less than two weeks". This is a
floor and a deadline at once; the mode says which of them the association enforces.
Moments come in and go out in naive UTC, as Odoo stores them. All days and hours in
between are in the association's time zone, not the user's or the server's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from . import RuleError

MODES = ("floor", "deadline", "window")
UNITS = ("calendar", "working")

_UTC = ZoneInfo("UTC")
_DAY = timedelta(days=1)
NOON = time(12)
# How much of a working day must be left for a reply to leave on it without delay.
LEAST_LEFT = timedelta(hours=1)


@dataclass(frozen=True)
class WorkCalendar:
    """The association's working days.

    :ivar weekdays: numbers as in ``date.weekday()``, Monday is 0; by default Sunday to
        Thursday.
    :ivar holidays: local dates on which nobody works.
    :ivar closing: the local hour at which work ends on a weekday, such as 15.5 for
        15:30; 16:00 for the weekdays that it does not name.
    :raise RuleError: ``calendar_without_working_day``.
    """

    weekdays: frozenset[int] = frozenset({6, 0, 1, 2, 3})
    holidays: frozenset[date] = frozenset()
    closing: Mapping[int, float] = field(default_factory=dict, hash=False)

    def __post_init__(self):
        # Without this check, counting working days would never end.
        if not self.weekdays.intersection(range(7)):
            raise RuleError("calendar_without_working_day")

    def is_working(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays

    def closing_time(self, day: date) -> timedelta:
        """Return when work ends on ``day``, as the time since midnight."""
        return timedelta(minutes=round(self.closing.get(day.weekday(), 16.0) * 60))


@dataclass(frozen=True)
class Pause:
    """A time of waiting for the applicant, in naive UTC; still open without an end."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True)
class ReviewPeriod:
    """The period, as set by the policy in force and the association's settings (R21).

    :ivar mode: one of :data:`MODES`.
    :ivar days: length of the period, in days of ``unit``, at least 1.
    :ivar unit: one of :data:`UNITS`.
    :ivar minimum_days: for "not less than two weeks": days of 24 hours, whatever the
        unit.
    :ivar grace_days: calendar days from the floor to the due date of a window.
    :ivar release_hour: local hour at which replies leave, such as 9.5 for 09:30.
    :ivar timezone: the association's time zone, an IANA name.
    :raise RuleError: ``period_mode``, ``period_unit``, ``period_days`` or
        ``period_release_hour``, naming the value that makes no sense.
    """

    mode: str
    days: int
    unit: str = "calendar"
    minimum_days: int = 14
    grace_days: int = 7
    release_hour: float = 9.0
    timezone: str = "Asia/Riyadh"

    def __post_init__(self):
        if self.mode not in MODES:
            raise RuleError("period_mode", mode=self.mode)
        if self.unit not in UNITS:
            raise RuleError("period_unit", unit=self.unit)
        if self.days < 1 or self.minimum_days < 0 or self.grace_days < 0:
            raise RuleError(
                "period_days",
                days=self.days,
                minimum_days=self.minimum_days,
                grace_days=self.grace_days,
            )
        if not timedelta() <= self.release_time < _DAY:
            raise RuleError("period_release_hour", hour=self.release_hour)

    @property
    def release_time(self) -> timedelta:
        """The release hour as the time since midnight, to the minute."""
        return timedelta(minutes=round(self.release_hour * 60))


@dataclass(frozen=True)
class ReviewDates:
    """The dates that the clock enforces, in naive UTC.

    :ivar floor: no reply leaves before this moment; None if the mode sets none.
    :ivar due: the reply is late after this moment; None if the mode sets none.
    """

    floor: datetime | None
    due: datetime | None


def review_dates(
    raised_on: datetime,
    period: ReviewPeriod,
    calendar: WorkCalendar,
    pauses: tuple[Pause, ...] = (),
    now: datetime | None = None,
) -> ReviewDates:
    """Return the floor and the due date of a request (R21).

    :param raised_on: when the request was raised to the committee, naive UTC.
    :param pauses: times of waiting for the applicant, in any order, overlapping or
        not. They move the due date and never the floor.
    :param now: naive UTC; an open pause counts up to it.
    :raise RuleError: ``open_pause_without_now``.
    """
    end = _period_end(raised_on, period, calendar)
    if period.mode == "deadline":
        due = end + paused(pauses, raised_on, now)
        return ReviewDates(None, on_working_day(due, calendar, period.timezone))
    floor = max(end, raised_on + timedelta(days=period.minimum_days))
    if period.mode == "floor":
        return ReviewDates(floor, None)
    timezone = ZoneInfo(period.timezone)
    grace_end = _to_local(floor, timezone) + timedelta(days=period.grace_days)
    # Holidays may hold the reply for longer than the grace days.
    due = max(_to_utc(grace_end, timezone), release_on(floor, floor, period, calendar))
    due += paused(pauses, raised_on, now)
    return ReviewDates(floor, on_working_day(due, calendar, period.timezone))


def on_working_day(moment: datetime, calendar: WorkCalendar, timezone: str) -> datetime:
    """Return ``moment``, or the same local time of the first working day after it.

    Nobody answers on a Friday or on a holiday, so nothing is due then (R21, R48).

    :param moment: naive UTC.
    :param timezone: the association's time zone, an IANA name.
    """
    zone = ZoneInfo(timezone)
    local = _to_local(moment, zone)
    day = _first_working(local.date(), calendar)
    if day == local.date():
        return moment
    return _to_utc(datetime.combine(day, local.time()), zone)


def _first_working(day, calendar):
    while not calendar.is_working(day):
        day += _DAY
    return day


def release_on(
    floor: datetime | None,
    decided_on: datetime,
    period: ReviewPeriod,
    calendar: WorkCalendar,
    due: datetime | None = None,
) -> datetime:
    """Return the moment at which the reply leaves, in naive UTC (R21, R22).

    This is the first release hour on a working day that is not before the floor and not
    before the decision. So nobody gets a message at midnight or on a holiday. A reply
    that would be late by then leaves at once, if an hour of the working day is left.

    :param floor: naive UTC, as :func:`review_dates` returns it.
    :param decided_on: when the committee decided, naive UTC.
    :param due: when the reply is due, naive UTC; None if the mode sets no due date.
    """
    timezone = ZoneInfo(period.timezone)
    earliest = decided_on if floor is None else max(floor, decided_on)
    local = _to_local(earliest, timezone)
    midnight = datetime.combine(local, time.min)
    while True:
        release = _to_utc(midnight + period.release_time, timezone)
        if release >= earliest and calendar.is_working(midnight.date()):
            break
        midnight += _DAY
    is_late = due is not None and release > due
    if is_late and _is_office_hour(local, period, calendar):
        return earliest
    return release


def _is_office_hour(local, period, calendar):
    """Whether replies may leave at this moment, and an hour of work is left."""
    hour = local - datetime.combine(local, time.min)
    last = calendar.closing_time(local.date()) - LEAST_LEFT
    return calendar.is_working(local.date()) and period.release_time <= hour <= last


def days_off(spans, timezone: str) -> frozenset[date]:
    """Return the local days off during ``spans``: days whose noon is in a span.

    A holiday that was entered with office hours closes its day. Two hours off in the
    afternoon do not close their day, and a span that ends in the following night does
    not close the next day.

    :param spans: pairs of the first and the last moment, naive UTC.
    :param timezone: the association's time zone, an IANA name.
    """
    zone = ZoneInfo(timezone)
    days = set()
    for first, last in spans:
        start, end = _to_local(first, zone), _to_local(last, zone)
        day = start.date()
        while day <= end.date():
            if start <= datetime.combine(day, NOON) <= end:
                days.add(day)
            day += _DAY
    return frozenset(days)


def due_day(
    start: datetime, days: int, unit: str, calendar: WorkCalendar, timezone: str
) -> date:
    """Return the local day by which a question asked at ``start`` must be answered.

    It is a working day, whichever days are counted.

    :param start: naive UTC; its own day is not counted.
    :param days: the number of days of ``unit``, one of :data:`UNITS`.
    :param timezone: the association's time zone, an IANA name.
    """
    local = _add_days(_to_local(start, ZoneInfo(timezone)), days, unit, calendar)
    return _first_working(local.date(), calendar)


def end_of_day(day: date, timezone: str) -> datetime:
    """Return the last second of a local day, in naive UTC."""
    midnight = datetime.combine(day + _DAY, time.min)
    return _to_utc(midnight, ZoneInfo(timezone)) - timedelta(seconds=1)


def _period_end(raised_on, period, calendar):
    """Return the end of the period: the same local time, so many days later."""
    timezone = ZoneInfo(period.timezone)
    raised = _to_local(raised_on, timezone)
    return _to_utc(_add_days(raised, period.days, period.unit, calendar), timezone)


def _add_days(local, days, unit, calendar):
    """Return the same local time ``days`` days of ``unit`` after ``local``."""
    if unit == "calendar":
        return local + timedelta(days=days)
    # The first day is not counted, even if it is a working day.
    counted = 0
    while counted < days:
        local += _DAY
        counted += calendar.is_working(local.date())
    return local


def paused(
    pauses: tuple[Pause, ...], raised_on: datetime, now: datetime | None = None
) -> timedelta:
    """Return the time spent waiting for the applicant since the request was raised.

    :param pauses: in any order, overlapping or not.
    :param raised_on: naive UTC; waiting before this moment does not count.
    :param now: naive UTC; an open pause counts up to it.
    :raise RuleError: ``open_pause_without_now``.
    """
    total = timedelta()
    counted_until = raised_on
    for pause in sorted(pauses, key=lambda pause: pause.start):
        end = now if pause.end is None else pause.end
        if end is None:
            raise RuleError("open_pause_without_now")
        start = max(pause.start, counted_until)
        if end > start:
            total += end - start
            counted_until = end
    return total


def _to_local(moment, timezone):
    return moment.replace(tzinfo=_UTC).astimezone(timezone).replace(tzinfo=None)


def _to_utc(local, timezone):
    # A local time that the clocks skip is moved by the length of the gap.
    return local.replace(tzinfo=timezone).astimezone(_UTC).replace(tzinfo=None)
