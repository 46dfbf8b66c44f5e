from datetime import date

from odoo.tests import BaseCase, tagged

from ...rules import compliance
from ...rules.compliance import Figure, Period

TODAY = date(2026, 3, 15)
SHARE = Figure("x", "steps", "request", "refer")
COUNT = Figure("x", "outreach", "contact", is_counted=True)
RATED = Figure("x", "satisfaction", "rating", is_measured=True, minimum=5)


@tagged("post_install", "-at_install")
class TestRulesCompliance(BaseCase):
    """R50: periods, states and trends of the compliance page."""

    def test_periods(self):
        """R50: each period ends with a day, and follows another of its kind."""
        own = compliance.get_period("own", TODAY, date(2026, 3, 1), date(2026, 3, 10))
        for found, wanted in (
            (own, Period(date(2026, 3, 1), date(2026, 3, 10), date(2026, 2, 19))),
            (
                compliance.get_period("month", TODAY),
                Period(date(2026, 3, 1), date(2026, 3, 31), date(2026, 2, 1)),
            ),
            (
                compliance.get_period("month", date(2026, 12, 31)),
                Period(date(2026, 12, 1), date(2026, 12, 31), date(2026, 11, 1)),
            ),
            (
                compliance.get_period("year", TODAY),
                Period(date(2026, 1, 1), date(2026, 12, 31), date(2025, 1, 1)),
            ),
            (
                compliance.get_period("last_year", TODAY),
                Period(date(2025, 1, 1), date(2025, 12, 31), date(2024, 1, 1)),
            ),
        ):
            self.assertEqual(found, wanted)
        with self.assertRaises(ValueError):
            compliance.get_period("own", TODAY, TODAY, date(2026, 3, 14))

    def test_states(self):
        """R50: kept, not kept, not applicable, no case yet."""
        for figure, kept, total, steps, wanted in (
            (SHARE, 2, 2, None, "kept"),
            (SHARE, 1, 2, {"refer"}, "broken"),
            (SHARE, 0, 0, {"refer"}, "no_case"),
            (SHARE, 2, 2, {"verify"}, "not_applicable"),
            (COUNT, 3, 3, None, "kept"),
            (COUNT, 0, 0, None, "no_case"),
            (RATED, 1, 5, None, "kept"),
            (RATED, 4, 4, None, "no_case"),
        ):
            self.assertEqual(compliance.get_state(figure, kept, total, steps), wanted)

    def test_trends(self):
        """R50: a share is compared in points, a count in cases."""
        for figure, now, before, wanted in (
            (SHARE, (1, 2), (1, 4), 25.0),
            (SHARE, (1, 3), (1, 1), -66.7),
            (SHARE, (1, 2), (0, 0), None),
            (COUNT, (5, 5), (7, 7), -2.0),
            (COUNT, (0, 0), (0, 0), None),
            (RATED, (4, 5), (4, 4), None),
        ):
            self.assertEqual(compliance.get_trend(figure, now, before), wanted)

    def test_figures(self):
        """R50: a code names one figure."""
        codes = [figure.code for figure in compliance.FIGURES]
        self.assertEqual(len(codes), len(set(codes)))
