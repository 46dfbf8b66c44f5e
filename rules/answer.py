"""Answers to a service's questions, as people type them (R44, R45)."""

import re
from datetime import date

from . import RuleError, dates
from .arabic import number_text

_NUMBER = re.compile(r"-?(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,2})?")


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
    """Return the Gregorian date that a person typed, in either calendar.

    :raise AnswerError: ``date_malformed``: not a date with its day and month.
    """
    try:
        read = dates.read(text)
    except dates.DateError as error:
        raise AnswerError("date_malformed", value=text) from error
    if read.is_year_only:
        raise AnswerError("date_malformed", value=text)
    return read.date


def plain(value: float) -> str:
    """Return a number as people type it: no trailing zeros, at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
