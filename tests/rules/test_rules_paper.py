from datetime import date, datetime, timedelta

from odoo.tests import BaseCase, tagged

from ...rules import paper

RIYADH = "Asia/Riyadh"
LAST_DAY = date(2026, 3, 15)
# The last minute of that day in Riyadh, and the midnight after it (UTC+3).
LAST_MINUTE, NEXT_DAY = datetime(2026, 3, 15, 20, 59), datetime(2026, 3, 15, 21, 0)
BEFORE = datetime(2026, 3, 1, 7)


@tagged("post_install", "-at_install", "without_demo")
class TestRulesPaper(BaseCase):
    def test_missing_parts(self):
        """R12: the parts that are asked for and missing, in a fixed order."""
        asked = {"expiry_date", "front", "number"}
        self.assertEqual(
            paper.missing_parts(asked, set()), ["front", "number", "expiry_date"]
        )
        self.assertEqual(
            paper.missing_parts(asked, {"front", "back"}),
            [
                "number",
                "expiry_date",
            ],
        )
        self.assertEqual(paper.missing_parts(asked, asked), [])
        self.assertEqual(paper.missing_parts(set(), set()), [])

    def test_valid_until(self):
        """R14: a paper ends on its expiry date or at its maximum age, if earlier."""
        issued, expires = date(2026, 1, 1), date(2026, 6, 1)
        for args, until in (
            ((None, None, 0), None),
            ((None, None, 90), None),
            ((issued, None, 0), None),
            ((issued, None, 90), date(2026, 4, 1)),
            ((None, expires, 90), expires),
            ((issued, expires, 0), expires),
            ((issued, expires, 90), date(2026, 4, 1)),
            ((issued, expires, 365), expires),
        ):
            with self.subTest(args=args):
                self.assertEqual(paper.valid_until(*args), until)

    def test_the_last_day_ends_where_the_association_is(self):
        """R14: a paper is valid to the end of its last day in the local time zone."""
        for moment, zone, valid in (
            (LAST_MINUTE, RIYADH, True),
            (NEXT_DAY, RIYADH, False),
            (NEXT_DAY, "UTC", True),
            (LAST_MINUTE, "Asia/Tokyo", False),
            (NEXT_DAY + timedelta(hours=9), "America/Los_Angeles", True),
        ):
            with self.subTest(moment=moment, zone=zone):
                self.assertIs(paper.is_valid(LAST_DAY, moment, BEFORE, zone), valid)

    def test_judged_when_it_came(self):
        """R14: a paper is judged on the day of submission, or of a later handover."""
        for submitted, handed_over, valid in (
            (LAST_MINUTE, BEFORE, True),
            (BEFORE, LAST_MINUTE, True),
            (BEFORE, NEXT_DAY, False),
            (NEXT_DAY, BEFORE, False),
        ):
            with self.subTest(submitted=submitted, handed_over=handed_over):
                self.assertIs(
                    paper.is_valid(LAST_DAY, submitted, handed_over, RIYADH), valid
                )

    def test_without_end(self):
        """R14: a paper without an end is always valid."""
        self.assertTrue(paper.is_valid(None, NEXT_DAY, NEXT_DAY, RIYADH))
