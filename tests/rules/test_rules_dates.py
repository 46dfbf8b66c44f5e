from datetime import date

from odoo.tests import BaseCase, tagged

from ...rules.dates import SPANS, DateError, Day, may_be_same, read, span

RAMADAN = date(1985, 5, 20)


@tagged("post_install", "-at_install", "without_demo")
class TestRulesDates(BaseCase):
    def test_hijri(self):
        """R38: a year from 1300 to 1500 is Hijri, however the date is written."""
        for text in (
            "01/09/1405",
            "1405/9/1",
            "1405-09-01",
            "١/٩/١٤٠٥",
            "۱۴۰۵-۰۹-۰۱",
            "1/9/1405هـ",
            "1.9.1405 ه",
            "1 9 1405",
            "\u200f1405/09/01\u200e هـ",
            "1405-09-01 00:00:00",
        ):
            with self.subTest(text=text):
                self.assertEqual(read(text), Day(RAMADAN, "1405-09-01"))

    def test_gregorian(self):
        """R44: year first or day first, never the month first."""
        for text in ("20/05/1985", "1985-5-20", "٢٠/٥/١٩٨٥", "20.5.1985م"):
            with self.subTest(text=text):
                self.assertEqual(read(text), Day(RAMADAN))

    def test_year_alone(self):
        """R38: of a year alone, the middle is kept, and that nothing else is known."""
        self.assertEqual(read("1405"), Day(date(1985, 3, 22), "1405", True))
        self.assertEqual(read("١٤٠٥هـ"), Day(date(1985, 3, 22), "1405", True))
        self.assertEqual(read("1985"), Day(date(1985, 7, 1), None, True))

    def test_thirtieth(self):
        """R38: a card's 30th of a month of 29 days is the day after the 29th."""
        day = read("30/11/1444")
        self.assertEqual((day.date, day.hijri), (date(2023, 6, 19), "1444-11-30"))
        self.assertEqual(read("1444-11-29").date, date(2023, 6, 18))

    def test_refused(self):
        """R38, R44: what is no date has a code for what is wrong with it."""
        for text, code in (
            ("", "date_malformed"),
            ("أمس", "date_malformed"),
            ("5/5/25", "date_malformed"),
            ("1405-09", "date_malformed"),
            ("31/02/2020", "date_missing"),
            ("05/20/1985", "date_missing"),
            ("1405-13-01", "date_missing"),
            ("31/12/1405", "date_missing"),
            ("1/1/1330", "date_range"),
            ("1/1/1299", "date_year"),
            ("1/1/9999", "date_year"),
            ("1/1/1985هـ", "date_year"),
        ):
            with self.subTest(text=text), self.assertRaises(DateError) as refused:
                read(text)
            self.assertEqual(refused.exception.code, code)

    def test_one_birth(self):
        """R38: the year alone and a day of it can be one birth."""
        for one, other, expected in (
            ("1435", "1435/5/5", True),
            ("1435", "1437/5/5", False),
            ("2015", "2015-03-04", True),
            ("2015", "1436/5/5", True),
            ("2015", "1433", False),
            ("1500", "1500-01-01", True),
            ("2015-03-04", "2015-03-04", True),
            ("2015-03-04", "2015-03-05", False),
        ):
            with self.subTest(one=one, other=other):
                self.assertEqual(may_be_same(read(one), read(other)), expected)
                self.assertEqual(may_be_same(read(other), read(one)), expected)

    def test_spans(self):
        """R12: no kind of date reaches a Hijri year taken for a Gregorian one."""
        today = date(2028, 2, 29)
        for kind in SPANS:
            first, last = span(kind, today)
            self.assertGreater(first.year, 1500)
            self.assertLess(last.year, 2150)
        self.assertEqual(span("birth", today), (date(1898, 3, 1), today))
