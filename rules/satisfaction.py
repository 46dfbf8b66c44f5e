"""Satisfaction: how many people were satisfied, and how sure that figure is (R29, R30).

A share of few answers says little. Wilson's interval of confidence says how little: the
true share lies in it nineteen times out of twenty. Below a minimum number of answers no
figure is given at all, because readers would take it for one.
"""

from dataclasses import dataclass
from math import sqrt

# Rates from 1 to 5: these are satisfied people, and these wait for an improvement.
SATISFIED = 4
LOW = 2
# With fewer answers no figure is shown (R30).
MINIMUM = 5
# Two-sided quantile of the normal distribution for nineteen out of twenty.
SURE = 1.959964


@dataclass(frozen=True)
class Satisfaction:
    """The share of satisfied people, with its interval, each from 0 to 1.

    :ivar count: number of answers
    """

    count: int
    rate: float
    low: float
    high: float


def wilson(satisfied, count):
    """Return both ends of Wilson's interval of a share, each from 0 to 1.

    :param satisfied: number of satisfied people
    :param count: number of answers, at least one
    :raise ValueError: when the numbers are those of no share
    """
    if not 0 <= satisfied <= count or count < 1:
        raise ValueError(f"{satisfied} of {count}")
    rate = satisfied / count
    square = SURE**2
    centre = rate + square / (2 * count)
    margin = SURE * sqrt(rate * (1 - rate) / count + square / (4 * count**2))
    whole = 1 + square / count
    return max(0.0, (centre - margin) / whole), min(1.0, (centre + margin) / whole)


def measure(satisfied, count):
    """Return the satisfaction, or None below the minimum number of answers (R30).

    :param satisfied: number of satisfied people
    :param count: number of answers
    :raise ValueError: when the numbers are those of no share
    """
    if not 0 <= satisfied <= count:
        raise ValueError(f"{satisfied} of {count}")
    if count < MINIMUM:
        return None
    return Satisfaction(count, satisfied / count, *wilson(satisfied, count))
