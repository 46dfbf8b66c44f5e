from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from ...rules import RuleError
from ...rules.hijri import HijriError, agree, from_hijri, to_hijri

APPROVAL = date(2023, 5, 4)


@tagged("post_install", "-at_install", "without_demo")
class TestRulesHijri(BaseCase):
    def assertRefused(self, code, function, *args):
        with self.subTest(args=args), self.assertRaises(RuleError) as caught:
            function(*args)
        self.assertIsInstance(caught.exception, HijriError)
        self.assertEqual(caught.exception.code, code)

    def test_known_days(self):
        """R38: well-known days have the right Hijri date."""
        for day, text in (
            (APPROVAL, "1444-10-14"),
            (date(2026, 3, 20), "1447-10-01"),  # Eid al-Fitr
            (date(2000, 4, 6), "1421-01-01"),
            (date(1924, 8, 1), "1343-01-01"),  # the first day of the table
            (date(2077, 11, 16), "1500-12-30"),  # and its last
        ):
            with self.subTest(text=text):
                self.assertEqual(to_hijri(day), text)
                self.assertEqual(from_hijri(text), day)

    def test_there_and_back(self):
        """R38: every day has one Hijri date, and the dates follow one another."""
        day = date(1924, 8, 1)
        before = ""
        while day <= date(2077, 11, 16):
            text = to_hijri(day)
            self.assertLess(before, text)
            self.assertEqual(from_hijri(text), day)
            before, day = text, day + timedelta(days=1)

    def test_forms_of_writing(self):
        """R38, R44: dates in digits of any script, with either separator."""
        for text in (
            "1444-10-14",
            "1444/10/14",
            "١٤٤٤/١٠/١٤",
            "۱۴۴۴-۱۰-۱۴",
            " \u200f1444/10/14\u200e ",
        ):
            with self.subTest(text=text):
                self.assertEqual(from_hijri(text), APPROVAL)
        self.assertEqual(from_hijri("1421/1/1"), date(2000, 4, 6))

    def test_agreement(self):
        """R38: the two dates of an event must be the same day."""
        self.assertIs(agree(APPROVAL, "١٤٤٤/١٠/١٤"), True)
        self.assertIs(agree(APPROVAL, "1444-10-13"), False)
        self.assertIs(agree(APPROVAL + timedelta(days=1), "1444-10-14"), False)
        self.assertRefused("hijri_malformed", agree, APPROVAL, "14 شوال")

    def test_refused(self):
        """R38: missing days, bad text and days outside the table have clear codes."""
        for text in (
            "",
            "1444",
            "14-10-1444",
            "1444-10/14",
            "1444-13-01",
            "1444-00-10",
            "1444-10-00",
            "1444-10-31",
            "1444-11-30",  # a month of 29 days
            "1444-10-14 x",
            "1444.10.14",
        ):
            self.assertRefused("hijri_malformed", from_hijri, text)
        for text in ("1342-12-29", "1501-01-01", "2023-05-04"):
            self.assertRefused("hijri_range", from_hijri, text)
        for day in (date(1924, 7, 31), date(2077, 11, 17), date.min, date.max):
            self.assertRefused("hijri_range", to_hijri, day)

    def test_the_refused_value_is_quoted(self):
        """R38: the error holds the date as it was understood."""
        for function, value, quoted in (
            (from_hijri, "١٤٤٤", "1444"),
            (from_hijri, "1501/1/1", "1501/1/1"),
            (from_hijri, "1444/13/1", "1444/13/1"),
            (to_hijri, date(1900, 1, 1), "1900-01-01"),
        ):
            with self.subTest(value=value), self.assertRaises(HijriError) as caught:
                function(value)
            self.assertEqual(caught.exception.params, {"value": quoted})
