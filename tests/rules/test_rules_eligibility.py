from dataclasses import replace
from datetime import date

from odoo.tests import BaseCase, tagged

from ...rules.eligibility import Case, Criteria, advise

DAY = date(2026, 3, 15)
CASE = Case(day=DAY, kind="person", is_person=True)


@tagged("post_install", "-at_install", "without_demo")
class TestRulesEligibility(BaseCase):
    def _advise(self, criteria, **case):
        return [advice.code for advice in advise(criteria, replace(CASE, **case))]

    def test_nothing_said(self):
        """R45: without criteria and without a budget there is no advice."""
        self.assertEqual(self._advise(Criteria()), [])
        self.assertEqual(self._advise(Criteria(), delivered_on=DAY), [])

    def test_household(self):
        """R45: help to the household counts in the interval, and only there."""
        criteria = Criteria(interval_months=6)
        for helped_on, codes in (
            (date(2026, 3, 15), ["household"]),
            (date(2025, 9, 16), ["household"]),
            (date(2025, 9, 15), []),
            (None, []),
        ):
            with self.subTest(helped_on=helped_on):
                self.assertEqual(self._advise(criteria, household_on=helped_on), codes)
        self.assertEqual(self._advise(Criteria(), household_on=DAY), [])
        self.assertEqual(
            self._advise(criteria, household_on=DAY, delivered_on=DAY),
            ["too_soon", "household"],
        )

    def test_open_requests(self):
        """R45: other open requests give an advice, whatever the criteria are."""
        self.assertEqual(
            self._advise(Criteria(), open_requests=("R/1",)), ["open_requests"]
        )

    def test_kind(self):
        """R32: a kind of file that the service is not meant for gives an advice."""
        criteria = Criteria(kinds=frozenset(["place", "group"]))
        self.assertEqual(self._advise(criteria), ["kind"])
        self.assertEqual(self._advise(criteria, kind="place"), [])

    def test_categories(self):
        """R45: one of the eligible categories is enough."""
        criteria = Criteria(categories=frozenset([1, 2]))
        for categories, codes in (
            ((), ["category"]),
            ((3,), ["category"]),
            ((2, 3), []),
        ):
            with self.subTest(categories=categories):
                self.assertEqual(
                    self._advise(criteria, categories=frozenset(categories)), codes
                )

    def test_income(self):
        """R45: only a known income above a set limit gives an advice."""
        criteria = Criteria(max_income=1000)
        for income, codes in ((1000, []), (1000.01, ["income"]), (0, []), (None, [])):
            with self.subTest(income=income):
                self.assertEqual(self._advise(criteria, income=income), codes)
        self.assertEqual(self._advise(Criteria(), income=9999), [])

    def test_ages(self):
        """R45: ages count in completed years, both limits included."""
        criteria = Criteria(min_age=18, max_age=60)
        for birth_date, codes in (
            (date(2008, 3, 15), []),
            (date(2008, 3, 16), ["too_young"]),
            (date(1966, 3, 15), []),
            (date(1965, 3, 16), []),
            (date(1965, 3, 15), ["too_old"]),
            (None, ["age_unknown"]),
        ):
            with self.subTest(birth_date=birth_date):
                self.assertEqual(self._advise(criteria, birth_date=birth_date), codes)

    def test_one_limit(self):
        """R45: an age limit that is not set gives no advice."""
        old, young = date(1920, 1, 1), date(2026, 1, 1)
        self.assertEqual(self._advise(Criteria(min_age=18), birth_date=old), [])
        self.assertEqual(self._advise(Criteria(max_age=18), birth_date=young), [])

    def test_age_of_a_place(self):
        """R32: a place has no age, and gives no advice on it."""
        self.assertEqual(self._advise(Criteria(min_age=18), is_person=False), [])

    def test_leap_day(self):
        """R45: a person born on 29 February is a year older on 1 March."""
        criteria = Criteria(min_age=18)
        birth_date = date(2008, 2, 29)
        for day, codes in (
            (date(2026, 2, 27), ["too_young"]),
            (date(2026, 3, 1), []),
        ):
            with self.subTest(day=day):
                self.assertEqual(
                    self._advise(criteria, day=day, birth_date=birth_date), codes
                )

    def test_interval(self):
        """R45: the interval between deliveries ends on the same day of the month."""
        criteria = Criteria(interval_months=6)
        for delivered_on, codes in (
            (None, []),
            (date(2025, 9, 15), []),
            (date(2025, 9, 16), ["too_soon"]),
            (DAY, ["too_soon"]),
        ):
            with self.subTest(delivered_on=delivered_on):
                self.assertEqual(
                    self._advise(criteria, delivered_on=delivered_on), codes
                )
        (advice,) = advise(criteria, replace(CASE, delivered_on=date(2025, 11, 30)))
        self.assertEqual(advice.params["again_on"], date(2026, 5, 30))

    def test_budget(self):
        """R45: a budget that does not suffice gives an advice."""
        for amount, left, codes in (
            (500, 500, []),
            (500, 499.99, ["budget"]),
            (0, 1, []),
            (0, 0, ["budget"]),
            (0, -1, ["budget"]),
        ):
            with self.subTest(amount=amount, left=left):
                self.assertEqual(
                    self._advise(Criteria(), amount=amount, budget_left=left), codes
                )

    def test_all_of_it(self):
        """R45: all advices are listed, not only the first one."""
        criteria = Criteria(kinds=frozenset(["place"]), min_age=18, interval_months=1)
        self.assertEqual(
            self._advise(criteria, delivered_on=DAY, budget_left=0),
            ["kind", "age_unknown", "too_soon", "budget"],
        )
