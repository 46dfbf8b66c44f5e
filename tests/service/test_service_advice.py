from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import ServiceCase

MARCH = datetime(2026, 3, 15, 7)


@tagged("post_install", "-at_install")
class TestServiceAdvice(ServiceCase):
    """Staff are advised of criteria that a request does not meet; nothing is blocked
    (R45)."""

    def _make_budget(self, amount=1000, date_from="2026-01-01", date_to="2026-12-31"):
        return self.env["beneficiary.service.budget"].create(
            {
                "service_id": self.service.id,
                "date_from": date_from,
                "date_to": date_to,
                "amount": amount,
            }
        )

    def _accept(self, moment, amount=500):
        with freeze_time(moment):
            return self._make_request("accepted", amount_requested=amount)

    def test_advice_in_words(self):
        """R45: each advice is a sentence in the language of its reader."""
        self.service.kind_ids = self._get_kinds("place")
        self.service.min_age = 18
        self.file.birth_date = date(2015, 1, 1)
        with freeze_time(MARCH):
            request = self._make_request()
            advice = request.with_user(self.officer).eligibility_advice
        self.assertIn("not meant for this kind of file", advice)
        self.assertIn("Aged 11;", advice)
        self.service.write({"kind_ids": False, "min_age": 0})
        request.invalidate_recordset()
        self.assertFalse(request.eligibility_advice)

    def test_category(self):
        """R45: a person of no eligible category gives an advice, and may be helped."""
        orphan, widow = self.env["beneficiary.category"].create(
            [{"name": "A", "code": "test_a"}, {"name": "B", "code": "test_b"}]
        )
        self.service.category_ids = orphan
        request = self._make_request().with_user(self.officer)
        self.assertIn("none of the service", request.eligibility_advice)
        self.file.category_ids = orphan | widow
        self.assertFalse(request.eligibility_advice)

    def test_income(self):
        """R45: only readers of incomes are told of an income above the limit."""
        self.env["beneficiary.income.line"].create(
            {"beneficiary_id": self.file.id, "type": "salary", "amount": 1500}
        )
        self.service.max_income_per_head = 1000
        request = self._make_request("in_review")
        for user, told in (
            (self.officer, True),
            (self.researcher, True),
            (self.member, False),
        ):
            with self.subTest(user=user.login):
                self.env.invalidate_all()
                advice = request.with_user(user).eligibility_advice
                self.assertEqual("1,500.00" in (advice or ""), told)

    def test_advice_decides_nothing(self):
        """R45: a request that meets no criteria can still be served to the end."""
        self.service.write(
            {"kind_ids": self._get_kinds("place"), "min_age": 60, "interval_months": 12}
        )
        self._make_request("closed")
        self._make_budget(amount=1)
        request = self._make_request("submitted")
        self.assertEqual(request.eligibility_advice.count("<li>"), 3 + 1)
        self._advance(request, "closed")
        self.assertEqual(request.state, "closed")

    def test_interval(self):
        """R45: the interval counts from the last delivery of a service to the file."""
        self.service.interval_months = 6
        with freeze_time(MARCH):
            first = self._make_request("delivered")
        self.assertFalse(first.eligibility_advice, "a request is not its own last one")
        with freeze_time("2026-09-10 07:00:00"):
            again = self._make_request("submitted")
            self.assertIn("03/15/2026", again.eligibility_advice)
            self.assertIn("09/15/2026", again.eligibility_advice)
            other_service = self._make_request(
                service_id=self.service.copy().id,
            )
            self.assertFalse(other_service.eligibility_advice)
        with freeze_time("2026-09-16 07:00:00"):
            # The first request is judged by the day on which it was submitted.
            again.invalidate_recordset()
            self.assertTrue(again.eligibility_advice)
            self._advance(again, "cancelled")
            self.assertFalse(self._make_request().eligibility_advice)

    def test_budget(self):
        """R45: granted amounts count as spent, by the association's days."""
        budget = self._make_budget(date_to="2026-06-30")
        self._accept(MARCH)
        self._accept("2026-09-15 07:00:00")
        # 20:59 and 21:00 UTC on the last day: in Riyadh, that day and the next one.
        self._accept("2026-06-30 20:59:00", amount=30)
        self._accept("2026-06-30 21:00:00", amount=7)
        self.assertEqual(budget.spent, 530)
        self.assertEqual(budget.remaining, 470)
        with freeze_time(MARCH):
            self._make_request("rejected", amount_requested=50)
            cancelled = self._make_request("accepted", amount_requested=40)
            self._advance(cancelled, "cancelled")
        budget.invalidate_recordset()
        self.assertEqual(budget.spent, 530)

    def test_budget_exceeded(self):
        """R45: only readers of decisions are told that the budget is short."""
        self._make_budget(amount=700)
        self._accept(MARCH)
        with freeze_time(MARCH):
            request = self._make_request(amount_requested=201)
            for user, told in (
                (self.officer, True),
                (self.manager, True),
                (self.auditor, True),
                (self.researcher, False),  # the spent amount reveals decisions
            ):
                with self.subTest(user=user.login):
                    request.invalidate_recordset()
                    advice = request.with_user(user).eligibility_advice
                    self.assertEqual("200.00" in advice, told)
            request.amount_requested = 200
            self.assertNotIn("budget", request.eligibility_advice)

    def test_budget_periods(self):
        """R45: budget periods of a service must not overlap."""
        self._make_budget(date_from="2026-01-01", date_to="2026-03-31")
        budgets = self.env["beneficiary.service.budget"].with_user(self.manager)
        for date_from, date_to in (
            ("2026-03-31", "2026-06-30"),
            ("2025-01-01", "2026-01-01"),
            ("2026-02-01", "2026-02-02"),
            ("2025-01-01", "2027-01-01"),
        ):
            with (
                self.subTest(date_from=date_from),
                self.assertRaisesRegex(ValidationError, "overlaps"),
            ):
                budgets.create(
                    {
                        "service_id": self.service.id,
                        "date_from": date_from,
                        "date_to": date_to,
                        "amount": 1,
                    }
                )
        self._make_budget(date_from="2026-04-01", date_to="2026-06-30")
        other = self._make_budget(date_from="2025-01-01", date_to="2025-12-31")
        other.service_id = self.service.copy()
        other.date_to = "2026-12-31"

    def test_open_requests(self):
        """R45: an open request for the same service is named; other ones are not."""
        first = self._make_request("submitted")
        second = self._make_request()
        self.assertIn(first.name, second.eligibility_advice)
        first.invalidate_recordset()
        self.assertIn(second.name, first.eligibility_advice)
        self._advance(first, "cancelled")
        second.invalidate_recordset()
        self.assertFalse(second.eligibility_advice)
        other = self._make_request(service_id=self.service.copy().id)
        self.assertFalse(other.eligibility_advice)

    def _make_relative(self, relation, is_head=False):
        """Make a file whose person is a dependant of the file, or its head."""
        relative = self.env["beneficiary.beneficiary"].create(
            {"name": f"نورة {relation}", "company_id": self.company.id}
        )
        head, member = (relative, self.file) if is_head else (self.file, relative)
        self.env["beneficiary.household.member"].create(
            {
                "beneficiary_id": head.id,
                "name": member.name,
                "relation": relation,
                "member_file_id": member.id,
            }
        )
        return relative

    def test_help_to_the_household(self):
        """R45: help to a spouse, parent or child within the interval is advised."""
        self.service.interval_months = 6
        with freeze_time(MARCH):
            self._make_request("delivered")
        relations = (("spouse", False), ("child", True), ("parent", False))
        for relation, is_head in relations:
            relative = self._make_relative(relation, is_head)
            for moment, is_told in (
                (datetime(2026, 9, 1), True),
                (datetime(2026, 9, 16), False),
            ):
                with (
                    self.subTest(relation=relation, moment=moment),
                    freeze_time(moment),
                ):
                    request = self._make_request(beneficiary_id=relative.id)
                    advice = request.with_user(self.officer).eligibility_advice or ""
                    self.assertEqual("Somebody else" in advice, is_told)
                    self._advance(request, "cancelled")
        with freeze_time(MARCH):
            stranger = self.env["beneficiary.beneficiary"].create(
                {"name": "مثال", "company_id": self.company.id}
            )
            request = self._make_request(beneficiary_id=stranger.id)
            self.assertFalse(request.eligibility_advice)

    def test_reply_to_the_household(self):
        """R21, R45: an acceptance counts from its release, never before."""
        self.service.interval_months = 6
        relative = self._make_relative("spouse")
        with freeze_time(MARCH):
            decided = self._make_request("decided")
            request = self._make_request(beneficiary_id=relative.id)
            self.assertFalse(request.eligibility_advice)
            self._advance(decided, "accepted")
            request.invalidate_recordset()
            self.assertIn("Somebody else", request.eligibility_advice)

    def test_advice_is_for_the_staff(self):
        """R45: the applicant can neither read nor search the advice."""
        self.service.kind_ids = self._get_kinds("place")
        request = self._make_request().with_user(self.applicant)
        with self.assertRaises(AccessError):
            request.read(["eligibility_advice"])
        with self.assertRaises(AccessError):
            request.search([("eligibility_advice", "!=", False)])

    def test_queries(self):
        """Scale: advice takes as many queries for 2N requests as for N."""
        self.service.write({"interval_months": 6, "min_age": 18})
        self._make_budget()
        self._make_request("delivered")
        counts = []
        for count in (3, 3, 6):
            requests = self.env["beneficiary.request"].union(
                *(self._make_request() for _number in range(count))
            )
            requests = requests.with_user(self.officer)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            requests.mapped("eligibility_advice")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
