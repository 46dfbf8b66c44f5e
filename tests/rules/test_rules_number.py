from odoo.tests import BaseCase, tagged

from ...rules import number


@tagged("post_install", "-at_install", "without_demo")
class TestRulesNumber(BaseCase):
    """R44: a number is read in one way, or not at all."""

    def test_read(self):
        """R44: digits of three scripts, with points, and commas between thousands."""
        for typed, plain in (
            ("950.50", "950.50"),
            ("٩٥٠٫٥٠", "950.50"),
            ("۱٬۵۰۰٫۷۵", "1500.75"),
            ("1,500", "1500"),
            ("1,234,567.8", "1234567.8"),
            ("\u200f1 500\u200e", "1500"),
            ("-5", "-5"),
            ("0.125", "0.125"),
            (".5", ".5"),
            ("333.3333333", "333.3333333"),
        ):
            with self.subTest(typed=typed):
                self.assertEqual(number.plain(typed), plain)

    def test_refused(self):
        """R44: a comma never disappears, and a number that could be two is none."""
        for typed in (
            "950,50",
            "1,5",
            "٩٥٠،٥٠",
            "١٢٬٣٤",
            "1,50,000",
            "1.500,00",
            "1.500",
            "1.2.3",
            "1e3",
            "0x10",
            "1_000",
            "nan",
            "inf",
            "ألف",
            "٩٥٠ ريال",
            "",
        ):
            with self.subTest(typed=typed), self.assertRaises(number.NumberError):
                number.plain(typed)
