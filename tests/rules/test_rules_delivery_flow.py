from datetime import date
from itertools import product

from odoo.tests import BaseCase, tagged

from ...rules import RuleError, delivery_flow, flow, instalment
from ...rules.flow import APPLICANT, DELEGATE, MANAGER, OFFICER, SYSTEM

DESK = {DELEGATE, OFFICER, MANAGER}

# The moves of a delivery, written a second time: each possible move with its target,
# roles, guards and asked values.
TABLE = {
    ("planned", "hand"): ("handed", DESK, ("file", "hand_over"), ()),
    ("planned", "receive"): (
        "received",
        DESK,
        ("file", "hand_over", "receipt"),
        (),
    ),
    ("planned", "cancel"): ("cancelled", {OFFICER, MANAGER}, (), ("reason",)),
    ("planned", "bounce"): ("returned", {SYSTEM}, (), ()),
    ("handed", "receive"): (
        "received",
        DESK | {APPLICANT},
        ("alive", "receipt"),
        (),
    ),
    **{
        (state, "take_back"): (
            "returned",
            {OFFICER, MANAGER},
            ("not_own",),
            ("reason",),
        )
        for state in ("handed", "received", "misdelivered")
    },
    **{
        (state, "misdeliver"): (
            "misdelivered",
            {OFFICER, MANAGER},
            ("not_own", "owed"),
            ("reason",),
        )
        for state in ("handed", "received")
    },
    **{
        (state, "void"): ("voided", {MANAGER}, ("not_own",), ("reason",))
        for state in ("handed", "received", "returned", "misdelivered")
    },
}
STATES = (
    "planned",
    "handed",
    "received",
    "misdelivered",
    "returned",
    "voided",
    "cancelled",
)
MOVES = (
    "hand",
    "receive",
    "cancel",
    "take_back",
    "misdeliver",
    "void",
    "reopen",
)


@tagged("post_install", "-at_install", "without_demo")
class TestRulesDeliveryFlow(BaseCase):
    def test_table(self):
        """R25: the table of moves equals the one in this test."""
        self.assertEqual(set(delivery_flow.TRANSITIONS), set(STATES))
        for state, name in product(STATES, MOVES):
            got = [
                (target, set(move.roles), move.guards, move.asks)
                for target, move in flow.find_moves(
                    delivery_flow.TRANSITIONS, state, name
                )
            ]
            expected = TABLE.get((state, name))
            with self.subTest(state=state, move=name):
                self.assertEqual(got, [expected] if expected else [])

    def test_nothing_is_undone(self):
        """R25: no move leads back to an earlier state."""
        order = {state: place for place, state in enumerate(STATES)}
        for state, moves in delivery_flow.TRANSITIONS.items():
            for target in moves:
                self.assertGreater(order[target], order[state])
        self.assertEqual(delivery_flow.OPEN, {"planned", "handed"})
        self.assertEqual(delivery_flow.KEPT, {"planned", "handed", "received"})
        self.assertEqual(
            delivery_flow.GONE, {"misdelivered", "returned", "voided", "cancelled"}
        )


@tagged("post_install", "-at_install", "without_demo")
class TestRulesInstalment(BaseCase):
    def test_last_takes_the_rounding(self):
        """R25: the last instalment takes the rest, so that the sum is exact."""
        for total, count, decimals, expected in (
            (1000, 3, 2, [333.33, 333.33, 333.34]),
            (100, 7, 2, [14.28] * 6 + [14.32]),
            (0.05, 3, 2, [0.01, 0.01, 0.03]),
            (1000, 1, 2, [1000]),
            (10, 3, 0, [3, 3, 4]),
            (1, 3, 3, [0.333, 0.333, 0.334]),
            (0, 2, 2, [0, 0]),
        ):
            with self.subTest(total=total, count=count):
                self.assertEqual(instalment.split(total, count, decimals), expected)

    def test_sums_exactly(self):
        """R25: the sum is exact to the smallest coin for any total and count."""
        for coins in (*range(120, 2500, 7), 99_999_999_999):
            for count in (1, 2, 3, 7, 12, 119, 120):
                shares = instalment.split(coins / 100, count, 2)
                self.assertEqual(sum(round(share * 100) for share in shares), coins)
                self.assertEqual(len(shares), count)
                self.assertEqual(shares, sorted(shares))
                self.assertGreater(shares[0], 0)

    def test_days(self):
        """R25: instalments fall on the same day of each month, or on its last day."""
        for first, count, months, expected in (
            (
                date(2026, 1, 31),
                3,
                1,
                [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)],
            ),
            (date(2024, 2, 29), 2, 12, [date(2024, 2, 29), date(2025, 2, 28)]),
            (date(2026, 3, 15), 2, 6, [date(2026, 3, 15), date(2026, 9, 15)]),
            (date(2026, 3, 15), 1, 0, [date(2026, 3, 15)]),
        ):
            with self.subTest(first=first, months=months):
                self.assertEqual(instalment.dates(first, count, months), expected)

    def test_refused(self):
        """R25: bad counts, negative totals and too small instalments are refused."""
        for code, rule, args in (
            ("count", instalment.split, (100, 0, 2)),
            ("count", instalment.split, (100, -1, 2)),
            ("count", instalment.split, (100, 121, 2)),
            ("total", instalment.split, (-0.01, 2, 2)),
            ("too_small", instalment.split, (0.02, 3, 2)),
            ("months", instalment.dates, (date(2026, 3, 15), 2, 0)),
            ("months", instalment.dates, (date(2026, 3, 15), 2, -1)),
            ("months", instalment.dates, (date(2026, 3, 15), 2, 121)),
            ("count", instalment.dates, (date(2026, 3, 15), 10**9, 1)),
        ):
            with self.subTest(code=code, args=args):
                with self.assertRaises(RuleError) as caught:
                    rule(*args)
                self.assertEqual(caught.exception.code, code)
