"""The rules for an acceptable paper: the parts that its kind needs, and its validity.

A paper is valid to the end of its last day, in the association's time zone (R14).
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

# Parts that a kind of paper may need, in the order in which people are told.
PARTS = ("front", "back", "number", "issue_date", "expiry_date")


def missing_parts(asked: set[str], given: set[str]) -> list[str]:
    """Return those of :data:`PARTS` that are asked for and not given, in order."""
    return [part for part in PARTS if part in asked and part not in given]


def valid_until(
    issued: date | None, expires: date | None, valid_days: int
) -> date | None:
    """Return the last day of validity, or None when a paper has no end.

    :param valid_days: days of validity from the day of issue; 0 when the kind has
        no such limit
    """
    limits = [expires] if expires else []
    if issued and valid_days:
        limits.append(issued + timedelta(days=valid_days))
    return min(limits, default=None)


def is_valid(
    until: date | None, submitted: datetime, handed_over: datetime, zone: str
) -> bool:
    """Return whether a paper counts for a request (R14).

    The paper is judged on the day when the request was submitted, or, if that came
    later, on the day when the paper was handed over. It is never judged on the day when
    somebody looks at it.

    :param until: last day of validity; None if the paper has no end
    :param submitted: UTC, without zone; so is ``handed_over``
    :param zone: the association's time zone, such as ``Asia/Riyadh``
    """
    if not until:
        return True
    judged = max(submitted, handed_over).replace(tzinfo=UTC)
    return judged.astimezone(ZoneInfo(zone)).date() <= until
