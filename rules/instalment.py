"""A granted amount divided into instalments: whole minor units, months apart."""

from dateutil.relativedelta import relativedelta

from . import RuleError

MAX_COUNT = 120
MAX_MONTHS = 120


def split(total, count, decimals):
    """Return ``count`` amounts that add up to ``total``; the last takes the rounding.

    :param total: amount in the currency; 0 gives amounts of 0
    :param count: how many instalments
    :param decimals: how many decimals the currency has
    :raise RuleError: ``count`` when it is not from 1 to :data:`MAX_COUNT`, ``total``
        when the total is negative, ``too_small`` when an instalment would be 0
    """
    _check_count(count)
    # Computed in the smallest coin, so that no fraction of a coin is lost.
    coins = round(total * 10**decimals)
    if coins < 0:
        raise RuleError("total")
    share = coins // count
    if coins and not share:
        raise RuleError("too_small")
    shares = [share] * (count - 1)
    return [share / 10**decimals for share in [*shares, coins - sum(shares)]]


def dates(first, count, months):
    """Return the days of ``count`` instalments, ``months`` apart.

    Each day is counted from the first one: the 31st becomes the last day of a shorter
    month.

    :raise RuleError: ``count`` as for :func:`split`, ``months`` when several would
        fall on one day, or lie more than :data:`MAX_MONTHS` apart
    """
    _check_count(count)
    if count > 1 and not 1 <= months <= MAX_MONTHS:
        raise RuleError("months", most=MAX_MONTHS)
    return [first + relativedelta(months=number * months) for number in range(count)]


def _check_count(count):
    if not 1 <= count <= MAX_COUNT:
        raise RuleError("count", most=MAX_COUNT)
