"""Hijri dates in the Umm al-Qura calendar of the Kingdom (R38).

A Hijri date is a text, year first: Python and Odoo have no type for the calendar.
"""

import re
from datetime import date

from hijridate import Gregorian, Hijri

from . import RuleError
from .arabic import arabic_digits, ascii_digits, without_marks

_WRITTEN = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})")


class HijriError(RuleError):
    """A date that has no counterpart in the other calendar; ``params["value"]``."""


def to_hijri(day: date) -> str:
    """Return the Hijri date as "YYYY-MM-DD".

    :raise HijriError: ``hijri_range``: before 1343 or after 1500.
    """
    try:
        return Gregorian.fromdate(day).to_hijri().isoformat()
    except OverflowError:
        raise HijriError("hijri_range", value=day.isoformat()) from None


def year(day: date) -> int:
    """Return the Hijri year of a day.

    :raise HijriError: as :func:`to_hijri`
    """
    return int(to_hijri(day)[:4])


def text(day: date | None) -> str:
    """Return the Hijri date as :func:`to_hijri`, or "" where the table has none."""
    try:
        return to_hijri(day) if day else ""
    except HijriError:
        return ""


def long_text(day: date | None, lang: str) -> str:
    """Return the Hijri date with the name of its month, or "" where there is none.

    :param lang: code of a language; Arabic has digits of its own
    """
    try:
        there = Gregorian.fromdate(day).to_hijri() if day else None
    except OverflowError:
        there = None
    if not there:
        return ""
    if lang.startswith("ar"):
        written = f"{there.day} {there.month_name('ar')} {there.year}هـ"
        return arabic_digits(written)
    return f"{there.day} {there.month_name('en')} {there.year} AH"


def from_hijri(text: str) -> date:
    """Return the Gregorian date of a Hijri one.

    :param text: year, month, day, with "-" or "/", in digits of any script (R44).
    :raise HijriError: ``hijri_malformed`` (no such day, or not a date) or
        ``hijri_range`` (before 1343 or after 1500).
    """
    written = without_marks(ascii_digits(text)).strip()
    match = _WRITTEN.fullmatch(written)
    if not match:
        raise HijriError("hijri_malformed", value=written)
    year, month, day = (int(match[group]) for group in (1, 3, 4))
    try:
        gregorian = Hijri(year, month, day).to_gregorian()
    except OverflowError:
        raise HijriError("hijri_range", value=written) from None
    except ValueError:
        raise HijriError("hijri_malformed", value=written) from None
    return date(*gregorian.datetuple())


def agree(day: date, text: str) -> bool:
    """Return whether both dates name the same day (R38).

    :raise HijriError: as :func:`from_hijri`.
    """
    return from_hijri(text) == day
