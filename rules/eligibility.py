"""Advice for the staff on whether a service suits a case; it decides nothing (R45).

The committee may help an applicant despite the advice. So a case never passes or fails:
the advice lists everything that does not fit, and an empty list means that nothing was
found.
"""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True)
class Criteria:
    """The criteria of a service for its applicants; empty or 0 means no criterion.

    :param kinds: kinds of beneficiary
    :param categories: categories of beneficiary, of which one is enough
    :param min_age: in completed years; so is ``max_age``
    :param interval_months: months from a delivery of the service to the next one
    :param max_income: monthly income per head
    """

    kinds: frozenset = frozenset()
    categories: frozenset = frozenset()
    min_age: int = 0
    max_age: int = 0
    interval_months: int = 0
    max_income: float = 0.0


@dataclass(frozen=True)
class Case:
    """An applicant's case on one day.

    :param day: the day on which the case is judged
    :param is_person: whether the beneficiary has an age
    :param income: monthly income per head; None if it is not known
    :param delivered_on: day of the last delivery of the service, if there was one
    :param household_on: day on which somebody else of the household last received the
        service, or was told of its acceptance
    :param open_requests: numbers of the file's other open requests for the service
    :param amount: the amount asked for
    :param budget_left: the rest of that day's budget; None without a budget
    """

    day: date
    kind: str
    categories: frozenset = frozenset()
    is_person: bool = False
    birth_date: date | None = None
    income: float | None = None
    delivered_on: date | None = None
    household_on: date | None = None
    open_requests: tuple = ()
    amount: float = 0.0
    budget_left: float | None = None


@dataclass(frozen=True)
class Advice:
    """One thing that does not fit: a code, and values that its sentence may quote."""

    code: str
    params: dict


def advise(criteria: Criteria, case: Case) -> list[Advice]:
    """Return advice on everything in ``case`` that does not fit ``criteria``."""
    return [
        *_advise_on_kind(criteria, case),
        *_advise_on_category(criteria, case),
        *_advise_on_age(criteria, case),
        *_advise_on_income(criteria, case),
        *_advise_on_interval(criteria, case),
        *_advise_on_household(criteria, case),
        *_advise_on_open_requests(case),
        *_advise_on_budget(case),
    ]


def _advise_on_kind(criteria, case):
    if criteria.kinds and case.kind not in criteria.kinds:
        yield Advice("kind", {})


def _advise_on_category(criteria, case):
    if criteria.categories and not criteria.categories & case.categories:
        yield Advice("category", {})


def _advise_on_age(criteria, case):
    if not case.is_person or not (criteria.min_age or criteria.max_age):
        return
    if not case.birth_date:
        yield Advice("age_unknown", {})
        return
    age = relativedelta(case.day, case.birth_date).years
    if age < criteria.min_age:
        yield Advice("too_young", {"age": age, "limit": criteria.min_age})
    if criteria.max_age and age > criteria.max_age:
        yield Advice("too_old", {"age": age, "limit": criteria.max_age})


def _advise_on_income(criteria, case):
    if criteria.max_income and case.income and case.income > criteria.max_income:
        yield Advice("income", {"income": case.income, "limit": criteria.max_income})


def _advise_on_interval(criteria, case):
    if again_on := _get_next_day(criteria, case.day, case.delivered_on):
        yield Advice(
            "too_soon", {"delivered_on": case.delivered_on, "again_on": again_on}
        )


def _advise_on_household(criteria, case):
    if again_on := _get_next_day(criteria, case.day, case.household_on):
        yield Advice(
            "household", {"helped_on": case.household_on, "again_on": again_on}
        )


def _get_next_day(criteria, day, helped_on):
    """Return the day from which help is due again, or None if ``day`` is not before."""
    if not criteria.interval_months or not helped_on:
        return None
    again_on = helped_on + relativedelta(months=criteria.interval_months)
    return again_on if day < again_on else None


def _advise_on_open_requests(case):
    if case.open_requests:
        yield Advice("open_requests", {"numbers": case.open_requests})


def _advise_on_budget(case):
    if case.budget_left is None:
        return
    if case.budget_left <= 0 or case.amount > case.budget_left:
        yield Advice("budget", {"left": case.budget_left})
