from odoo.tests import BaseCase, tagged

from ...rules.promise import Period, agrees, get_periods

TWO_WEEKS = Period(2, "week", is_floor=True)


@tagged("post_install", "-at_install", "without_demo")
class TestRulesPromise(BaseCase):
    """Periods in the text of a policy, and whether its numbers keep them (R21)."""

    def test_periods(self):
        """R21, R44: words and digits, Arabic and English."""
        for text, *expected in (
            ("within a period of not less than two weeks", TWO_WEEKS),
            ("خلال مدة لا تقل عن أسبوعين.", TWO_WEEKS),
            ("مدةٌ لا تقلّ عن أسبوعَين", TWO_WEEKS),
            ("أسبوعان على الأقل", TWO_WEEKS),
            ("within 14 days", Period(14, "day")),
            ("within fourteen days", Period(14, "day")),
            ("خلال ١٤ يومًا", Period(14, "day")),
            ("خلال أربعة عشر يومًا", Period(14, "day")),
            ("at least 30 working days", Period(30, "day", True, True)),
            ("ثلاثين يوم عمل", Period(30, "day", True)),
            ("10 أيام عمل", Period(10, "day", True)),
            ("يومي عمل", Period(2, "day", True)),
            ("a month", Period(1, "month")),
            ("شهرين", Period(2, "month")),
            ("a week, or 7 days", Period(1, "week"), Period(7, "day")),
            ("day and night",),
            ("في الأيام القادمة",),
            ("اليوم",),
            (None,),
        ):
            with self.subTest(text=text):
                self.assertEqual(get_periods(text), expected)

    def test_agrees(self):
        """R21: the same period in calendar or in working days, with its floor."""
        for period, days, unit, minimum, expected in (
            (TWO_WEEKS, 14, "calendar", 14, True),
            (TWO_WEEKS, 14, "calendar", 13, False),
            (TWO_WEEKS, 13, "calendar", 14, False),
            (TWO_WEEKS, 15, "calendar", 15, False),
            (TWO_WEEKS, 10, "working", 14, True),
            (TWO_WEEKS, 10, "working", 0, False),
            (TWO_WEEKS, 14, "working", 14, False),
            (Period(14, "day"), 14, "calendar", 0, True),
            (Period(14, "day"), 10, "working", 14, False),
            (Period(30, "day", True, True), 30, "working", 0, True),
            (Period(30, "day", True, True), 30, "calendar", 30, False),
            (Period(1, "month"), 30, "calendar", 0, True),
        ):
            with self.subTest(period=period, days=days, unit=unit, minimum=minimum):
                self.assertEqual(agrees(period, days, unit, minimum), expected)
