from odoo.tests import BaseCase, tagged

from ...rules.satisfaction import MINIMUM, measure, wilson


@tagged("post_install", "-at_install")
class TestRulesSatisfaction(BaseCase):
    def test_wilson(self):
        """R29: the interval of confidence has the values of Wilson's tables."""
        for satisfied, count, low, high in (
            (0, 10, 0.0, 0.2775),
            (10, 10, 0.7225, 1.0),
            (5, 10, 0.2366, 0.7634),
            (81, 100, 0.7222, 0.8749),
            (1, 1, 0.2065, 1.0),
        ):
            with self.subTest(satisfied=satisfied, count=count):
                found = wilson(satisfied, count)
                self.assertAlmostEqual(found[0], low, places=4)
                self.assertAlmostEqual(found[1], high, places=4)

    def test_more_answers_are_surer(self):
        """R29: of the same share, more answers give a narrower interval around it."""
        widths = []
        for count in (5, 50, 500):
            low, high = wilson(count * 4 // 5, count)
            self.assertTrue(low < 0.8 < high)
            widths.append(high - low)
        self.assertEqual(widths, sorted(widths, reverse=True))

    def test_minimum(self):
        """R30: below the minimum number of answers there is no figure."""
        self.assertIsNone(measure(0, 0))
        self.assertIsNone(measure(MINIMUM - 1, MINIMUM - 1))
        found = measure(MINIMUM - 1, MINIMUM)
        self.assertEqual((found.count, found.rate), (MINIMUM, 1 - 1 / MINIMUM))
        self.assertTrue(found.low < found.rate < found.high)

    def test_no_share(self):
        """Safety: numbers that are no share are refused."""
        for satisfied, count in ((2, 1), (-1, 5), (1, -1)):
            with self.subTest(satisfied=satisfied), self.assertRaises(ValueError):
                measure(satisfied, count)
        with self.assertRaises(ValueError):
            wilson(0, 0)
