"""Answers to a service's questions, as people type them (R44, R45)."""

import re
from datetime import date

from . import RuleError
from .arabic import ascii_digits, number_text, without_marks

_NUMBER = re.compile(r"-?(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,2})?")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
# A year before this one is taken for a Hijri year, and refused.
_FIRST_YEAR = 1800


class AnswerError(RuleError):
    """An answer that does not fit its question; ``params["value"]``."""


def number(text: str) -> float:
    """Return the number that a person typed, in digits of any script.

    :raise AnswerError: ``number_malformed``: not a number, or one of more than
        twelve digits or two decimals.
    """
    written = number_text(text)
    if not _NUMBER.fullmatch(written):
        raise AnswerError("number_malformed", value=text)
    return float(written.replace(",", "")) or 0.0  # turns -0.0 into 0.0


def day(text: str) -> date:
    """Return the Gregorian date that a person typed: year first, or day first.

    :raise AnswerError: ``date_malformed``: not a date, or ``date_hijri``: its year is
        of the Hijri calendar.
    """
    written = "".join(without_marks(ascii_digits(text)).split())
    if match := _YEAR_FIRST.fullmatch(written):
        year, month, day_of_month = map(int, match.groups())
    elif match := _DAY_FIRST.fullmatch(written):
        day_of_month, month, year = map(int, match.groups())
    else:
        raise AnswerError("date_malformed", value=text)
    if year < _FIRST_YEAR:
        raise AnswerError("date_hijri", value=text)
    try:
        return date(year, month, day_of_month)
    except ValueError:
        raise AnswerError("date_malformed", value=text) from None


def plain(value: float) -> str:
    """Return a number as people type it: no trailing zeros, at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
