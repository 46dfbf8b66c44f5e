"""Dates as people type them, in either calendar, and the dates that can be true.

A year from 1300 to 1500 is a Hijri year: no date of this century or the last one has it
in the Gregorian calendar. So both calendars can be read from the same cell (R38, R44).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from . import RuleError, hijri
from .arabic import ascii_digits, without_marks

HIJRI_YEARS = range(1300, 1501)
GREGORIAN_YEARS = range(1800, 2201)
# Civil registers write the middle of the year when only the year is known.
MIDDLE_OF_YEAR = (7, 1)

# How many years before today and after it a date can be.
SPANS = {
    "birth": (130, 0),
    "past": (100, 0),
    # People write a day like 2099-12-31 for "no end".
    "any": (100, 100),
}

_PART = r"[-/.\s]+"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}}){_PART}([0-9]{{1,2}}){_PART}([0-9]{{1,2}})")
_DAY_FIRST = re.compile(rf"([0-9]{{1,2}}){_PART}([0-9]{{1,2}}){_PART}([0-9]{{4}})")
_YEAR = re.compile(r"[0-9]{4}")
# The signs of the two calendars: هـ and م, or AH and AD; and a midnight from a sheet.
_HIJRI_SIGN = re.compile(r"\s*(?:هـ?|ه\.|AH|H)\.?$", re.IGNORECASE)
_GREGORIAN_SIGN = re.compile(r"\s*(?:م|AD|CE)\.?$", re.IGNORECASE)
_MIDNIGHT = re.compile(r"\s+0?0:00(?::00)?$")


class DateError(RuleError):
    """A text that is no date; ``params["value"]`` is the text."""


@dataclass(frozen=True)
class Day:
    """A day that was read.

    :param date: the Gregorian date
    :param hijri: the Hijri date as it was written, year first; the year alone when
        nothing else was written; None when the date was Gregorian
    :param is_year_only: whether only the year was written
    """

    date: date
    hijri: str | None = None
    is_year_only: bool = False


def read(text: str) -> Day:
    """Return the day that a person typed (R38, R44).

    Accepted are year-month-day, day-month-year and the year alone, in digits of any
    script, with the sign of a calendar or without. The month never comes first. The
    30th of a Hijri month that has 29 days is the day after the 29th: cards show such
    dates.

    :raise DateError: ``date_malformed`` (not a date), ``date_missing`` (no such day),
        ``date_year`` (a year of neither calendar) or ``date_range`` (a Hijri date
        before 1343, where the Umm al-Qura table begins, or after 1500)
    """
    written = _MIDNIGHT.sub("", without_marks(ascii_digits(text)).strip())
    is_hijri = _HIJRI_SIGN.search(written)
    written = _GREGORIAN_SIGN.sub("", _HIJRI_SIGN.sub("", written)).strip()
    if _YEAR.fullmatch(written):
        year, month, day = int(written), *MIDDLE_OF_YEAR
    elif match := _YEAR_FIRST.fullmatch(written):
        year, month, day = map(int, match.groups())
    elif match := _DAY_FIRST.fullmatch(written):
        day, month, year = map(int, match.groups())
    else:
        raise DateError("date_malformed", value=text)
    is_year_only = bool(_YEAR.fullmatch(written))
    if year in HIJRI_YEARS:
        hijri_text = str(year) if is_year_only else f"{year}-{month:02}-{day:02}"
        return Day(_from_hijri(text, year, month, day), hijri_text, is_year_only)
    if is_hijri or year not in GREGORIAN_YEARS:
        raise DateError("date_year", value=text)
    try:
        return Day(date(year, month, day), None, is_year_only)
    except ValueError:
        raise DateError("date_missing", value=text) from None


def may_be_same(one: Day, other: Day) -> bool:
    """Return whether two written dates can mean one day: the year alone may be known.

    A Hijri year without its month is counted as 355 days from its first day.
    """
    (first, last), (other_first, other_last) = _days_of(one), _days_of(other)
    return first <= other_last and other_first <= last


def _days_of(day):
    if not day.is_year_only:
        return day.date, day.date
    if not day.hijri:
        return date(day.date.year, 1, 1), date(day.date.year, 12, 31)
    first = hijri.from_hijri(f"{day.hijri[:4]}-01-01")
    return first, first + timedelta(days=354)


def span(kind: str, today: date) -> tuple[date, date]:
    """Return the first and the last day that a date of this kind can have.

    :param kind: one of :data:`SPANS`
    :param today: the association's today
    """
    before, after = SPANS[kind]
    # The first of March: no day is missing in any year.
    first = today.replace(year=today.year - before, month=3, day=1)
    last = today.replace(year=today.year + after, month=3, day=1) if after else today
    return first, last


def _from_hijri(text, year, month, day):
    try:
        return hijri.from_hijri(f"{year}-{month}-{day}")
    except hijri.HijriError as error:
        if error.code == "hijri_range":
            raise DateError("date_range", value=text) from error
        if day == 30:
            return _from_hijri(text, year, month, 29) + timedelta(days=1)
        raise DateError("date_missing", value=text) from error
