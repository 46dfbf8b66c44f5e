"""The figures that show, clause by clause, that a policy is kept (R50).

Each figure reads one column of one source. In the column, a record either keeps the
clause (:data:`KEPT`), breaks it (:data:`BROKEN`), or is empty: the clause does not
apply to the record, or nothing is due yet. So a figure is "kept of all that count".

A figure that is only counted (``is_counted``) has records that keep it, and none that
break it: a channel was used so often, so many people were contacted.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from .satisfaction import MINIMUM

KEPT, BROKEN = "kept", "broken"
# States of a figure beside these two.
ABSENT, NO_CASE = "not_applicable", "no_case"
# Where a record comes from. Only records that were made here, under a policy, count.
LIVED, MIGRATED, BEFORE = "lived", "migrated", "before"

# The steps of all policies, in their order.
STEPS = ("receive", "verify", "refer", "declare", "notify", "register", "deliver")
# The steps that every request goes through, in this order.
ORDERED = tuple(code for code in STEPS if code != "refer")
# Two steps of one request closer than this were probably written in one go.
CLOSE_SECONDS = 60

YEAR, LAST_YEAR, MONTH, OWN = "year", "last_year", "month", "own"


@dataclass(frozen=True)
class Figure:
    """One line of the compliance page.

    :ivar code: the name of the figure, and of its column
    :ivar section: the part of the policy that it belongs to
    :ivar source: the records that it reads, a key of the models' table of sources
    :ivar step: the step without which the figure does not apply to a policy
    :ivar is_counted: whether records are only counted
    :ivar is_measured: whether the share is a measurement, which breaks nothing
    :ivar minimum: with fewer records no share is given (R30)
    """

    code: str
    section: str
    source: str
    step: str | None = None
    is_counted: bool = False
    is_measured: bool = False
    minimum: int = 1


FIGURES = (
    *(Figure(f"step_{code}", "steps", "request", code) for code in STEPS),
    Figure("time_given", "steps", "request", "receive"),
    Figure("notice_first", "steps", "request", "notify"),
    Figure("in_order", "steps", "request"),
    Figure("with_evidence", "steps", "request"),
    Figure("by_person", "steps", "request"),
    Figure("apart_in_time", "steps", "request"),
    Figure("void_reason", "steps", "request"),
    Figure("in_window", "reply", "reply"),
    Figure("early_reason", "reply", "reply"),
    Figure("rejection_reason", "reply", "reply"),
    Figure("appeal_others", "reply", "reply"),
    Figure("transfer_made", "transfers", "transfer", is_measured=True),
    Figure("transfer_returned", "transfers", "transfer", is_counted=True),
    Figure("transfer_repaid", "transfers", "transfer", is_measured=True),
    Figure("enquiry_answered", "answers", "contact"),
    Figure("enquiry_in_time", "answers", "contact"),
    Figure("enquiry_same_day", "answers", "contact", is_measured=True),
    Figure("complaint_answered", "answers", "contact"),
    Figure("complaint_in_time", "answers", "contact"),
    Figure("complaint_same_day", "answers", "contact", is_measured=True),
    Figure("outreach", "outreach", "contact", is_counted=True),
    Figure("rating_asked", "satisfaction", "request"),
    Figure("rating_given", "satisfaction", "request", is_counted=True),
    Figure("satisfied", "satisfaction", "rating", is_measured=True, minimum=MINIMUM),
    Figure("improvement_ended", "improvement", "improvement"),
    Figure("policy_approved", "policy", "version"),
    Figure("policy_circulated", "policy", "version"),
    Figure("acknowledged", "policy", "reading"),
    Figure("policy_reviewed", "policy", "version"),
)


@dataclass(frozen=True)
class Period:
    """Days from ``start`` to ``end``, and the first day of the period before them."""

    start: date
    end: date
    before: date


def get_period(kind, today, start=None, end=None):
    """Return the :class:`Period` of ``kind``.

    :param kind: :data:`YEAR`, :data:`LAST_YEAR`, :data:`MONTH` or :data:`OWN`
    :param today: the day in the association's time zone
    :param start: first day of one's own period
    :param end: last day of one's own period
    :raise ValueError: when one's own period ends before it starts
    """
    if kind == OWN:
        if end < start:
            raise ValueError("period")
        return Period(start, end, start - (end - start) - timedelta(1))
    if kind == MONTH:
        start = today.replace(day=1)
        end = (start + timedelta(31)).replace(day=1) - timedelta(1)
        return Period(start, end, (start - timedelta(1)).replace(day=1))
    year = today.year - (kind == LAST_YEAR)
    return Period(date(year, 1, 1), date(year, 12, 31), date(year - 1, 1, 1))


def get_state(figure, kept, total, steps=None):
    """Return how a figure stands: kept, broken, not applicable or without a case.

    :param figure: a :class:`Figure`
    :param kept: number of records that keep the clause
    :param total: number of records that the clause applies to
    :param steps: codes of the steps of the policy; None for no certain policy
    """
    if figure.step and steps is not None and figure.step not in steps:
        return ABSENT
    if total < figure.minimum:
        return NO_CASE
    if figure.is_counted or figure.is_measured:
        return KEPT
    return KEPT if kept == total else BROKEN


def get_share(figure, kept, total):
    """Return the share of ``kept`` in per cent, or None if there is none to give."""
    if figure.is_counted or total < max(figure.minimum, 1):
        return None
    return round(kept * 100 / total, 1)


def get_trend(figure, now, before):
    """Return the change since the period before, or None if there is no comparison.

    :param now: pair (kept, total)
    :param before: the same of the period before
    :return: difference of the counts, or of the shares in points
    """
    if figure.is_counted:
        return float(now[0] - before[0]) if now[0] or before[0] else None
    shares = get_share(figure, *now), get_share(figure, *before)
    if None in shares:
        return None
    return round(shares[0] - shares[1], 1)
