from datetime import date

from odoo.tests import BaseCase, tagged

from ...rules import answer


@tagged("post_install", "-at_install", "without_demo")
class TestRulesAnswer(BaseCase):
    def test_numbers(self):
        """R44: a number is read in digits of any script, with or without separators."""
        for text, number in (
            ("1500", 1500),
            ("١٥٠٠", 1500),
            ("۱۵۰۰", 1500),
            ("١٬٥٠٠٫٥", 1500.5),
            ("1,234,567.25", 1234567.25),
            (" 1 500 ", 1500),
            ("\N{RIGHT-TO-LEFT MARK}٥٠٠", 500),
            ("-5", -5),
            ("0", 0),
            ("-0", 0),
            ("999999999999", 999999999999),
        ):
            with self.subTest(text=text):
                self.assertEqual(answer.number(text), number)
                self.assertEqual(answer.number(answer.plain(number)), number)

    def test_no_numbers(self):
        """R44: text that is not a number is refused, and never read as another one."""
        for text in (
            "",
            "كثير",
            "1e9",
            "nan",
            "1,5,0",
            "1.234",
            "12.",
            "--5",
            "1234567890123",
            "1-2",
        ):
            with self.subTest(text=text), self.assertRaises(answer.AnswerError) as got:
                answer.number(text)
            self.assertEqual(got.exception.code, "number_malformed")

    def test_plain(self):
        """Numbers are shown as people type them; the zeros of tens stay."""
        for number, text in ((1500.0, "1500"), (0.5, "0.5"), (10.25, "10.25")):
            self.assertEqual(answer.plain(number), text)

    def test_days(self):
        """R38, R44: a date is read in digits of any script and in either calendar."""
        for text in (
            "2026-03-15",
            "2026/3/15",
            "15/03/2026",
            "15-3-2026",
            "15.03.2026",
            "١٥/٣/٢٠٢٦",
            "۱۵/۰۳/۲۰۲۶",
            " 15 / 3 / 2026 ",
            "26/09/1447",
            "1447-09-26 هـ",
        ):
            with self.subTest(text=text):
                self.assertEqual(answer.day(text), date(2026, 3, 15))
        self.assertEqual(answer.day("1/2/1800"), date(1800, 2, 1))

    def test_no_days(self):
        """R44: text that is no whole date is refused."""
        for text, code in (
            ("", "date_malformed"),
            ("أمس", "date_malformed"),
            ("31/02/2026", "date_malformed"),
            ("03/15/2026", "date_malformed"),
            ("15/03/26", "date_malformed"),
            ("2026-03", "date_malformed"),
            ("2026", "date_malformed"),
            ("31/12/1799", "date_malformed"),
        ):
            with self.subTest(text=text), self.assertRaises(answer.AnswerError) as got:
                answer.day(text)
            self.assertEqual(got.exception.code, code)
