"""What the figures compute in a faster way is what the plain rule says."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from random import Random
from zoneinfo import ZoneInfo

from odoo.tests import tagged
from odoo.tools import SQL

from ...rules import compliance
from .common import ComplianceCase

START = datetime(2026, 3, 15, 7)
# Clocks that go forward or back at midnight, or an hour after it.
ZONES = ("Asia/Riyadh", "Africa/Cairo", "America/Havana", "America/Santiago")
SHIFTS = (
    date(2026, 3, 8),
    date(2026, 4, 5),
    date(2026, 4, 24),
    date(2026, 9, 6),
    date(2026, 10, 30),
    date(2026, 11, 1),
)


@tagged("post_install", "-at_install")
class TestComplianceSpeed(ComplianceCase):
    def test_order_of_steps(self):
        """R10: neighbours compared find what a comparison of all pairs finds."""
        random = Random(20)
        rows = []
        for _number in range(4000):
            wide = random.choice((120, 600, 86400))
            moments = sorted(
                START + timedelta(seconds=random.randrange(wide))
                for _code in compliance.STEPS
            )
            if random.random() < 0.5:
                random.shuffle(moments)
            share = random.random()
            rows.append([one if random.random() < share else None for one in moments])
        wrong, close = self.env["beneficiary.compliance.request"]._get_order()
        found = self.env.execute_query(
            SQL(
                "SELECT (%s) IS TRUE, (%s) IS TRUE FROM (VALUES %s) step (place, %s)"
                " ORDER BY place",
                wrong,
                close,
                SQL(", ").join(
                    SQL(
                        "(%s, %s)",
                        place,
                        SQL(", ").join(SQL("%s::timestamp", one) for one in row),
                    )
                    for place, row in enumerate(rows)
                ),
                SQL(", ").join(
                    SQL.identifier(f"{code}_on") for code in compliance.STEPS
                ),
            )
        )
        for row, answer in zip(rows, found, strict=True):
            by_code = dict(zip(compliance.STEPS, row, strict=True))
            order = [by_code[code] for code in compliance.ORDERED if by_code[code]]
            is_close = any(
                abs(one - two) < timedelta(seconds=compliance.CLOSE_SECONDS)
                for one, two in combinations(filter(None, row), 2)
            )
            self.assertEqual(answer, (order != sorted(order), is_close), row)

    def test_days_by_moments(self):
        """R50: a row is of a day, and under the policy, by moment as by day."""
        random = Random(20)
        source = self.env["beneficiary.compliance.request"]
        for zone in ZONES:
            calendar = self.company._get_beneficiary_calendar().copy({"tz": zone})
            self.company.beneficiary_calendar_id = calendar
            for first in SHIFTS:
                self.policy._write_state({"in_force_on": first})
                self.env.flush_all()
                last = first + timedelta(random.randrange(3))
                start, end = source._get_bounds(self.company, first, last)
                moments = [
                    datetime.combine(day, datetime.min.time())
                    + timedelta(minutes=random.randrange(-60, 1500))
                    for day in (first, last, last + timedelta(1))
                    for _number in range(200)
                ]
                origins = self.env.execute_query(
                    SQL(
                        "WITH %s SELECT %s FROM association, unnest(%s)"
                        " WITH ORDINALITY moment (at, place)"
                        " WHERE association.id = %s ORDER BY place",
                        source._get_association(),
                        source._get_origin(SQL("moment.at")),
                        moments,
                        self.company.id,
                    )
                )
                for moment, (origin,) in zip(moments, origins, strict=True):
                    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
                    with self.subTest(zone=zone, first=first, moment=moment):
                        self.assertEqual(
                            start <= moment < end, first <= local.date() <= last
                        )
                        self.assertEqual(
                            origin, "before" if local.date() < first else "lived"
                        )
