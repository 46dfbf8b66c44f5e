from odoo.tests import BaseCase, tagged

from ...rules import RuleError, bank_answer, disbursement_flow, flow

TITLES = ["مرجع الدفعة", "النتيجة", "سبب الإرجاع", "المبلغ"]


@tagged("post_install", "-at_install")
class TestRulesBankAnswer(BaseCase):
    def test_table(self):
        """R52: the moves of a list and of its payments, and who makes them."""
        self.assertEqual(
            {
                (state, target): move.roles
                for table in (disbursement_flow.TRANSITIONS, disbursement_flow.PAYMENTS)
                for state, moves in table.items()
                for target, move in moves.items()
            },
            {
                ("draft", "approved"): {flow.MANAGER},
                ("approved", "draft"): {flow.MANAGER},
                ("approved", "done"): {flow.SYSTEM},
                ("waiting", "paid"): flow.OFFICERS,
                ("waiting", "returned"): flow.OFFICERS,
                ("paid", "returned"): flow.OFFICERS,
            },
        )
        self.assertEqual(disbursement_flow.FROZEN, {"approved", "done"})

    def test_read(self):
        """R44, R52: titles, words and digits of a bank's sheet, in any spelling."""
        rows = [
            ["مصرف المثال", "", "", ""],
            TITLES,
            ["DL/2026/0001-0001", "تم الصرف", "", "١٬٥٠٠"],
            ["dl/2026/٠٠٠١-0002", "مرتجعه", "الحساب مغلق", "950.50"],
            ["DL/2026/0001-0003", "ربما", "", "كثير"],
            ["", "", "", "2450.50"],
        ]
        found = [
            (one.row, one.reference, one.state, one.reason, one.amount, one.problem)
            for one in bank_answer.read(rows)
        ]
        self.assertEqual(
            found,
            [
                (3, "DL/2026/0001-0001", "paid", "", 1500, ""),
                (4, "DL/2026/0001-0002", "returned", "الحساب مغلق", 950.5, ""),
                (5, "DL/2026/0001-0003", "", "", None, "amount"),
            ],
        )

    def test_short_rows(self):
        """R52: a sheet without amounts, and rows that end early, are read."""
        [answer] = bank_answer.read([["Result", "Reference"], ["paid", "A-1"], []])
        self.assertEqual((answer.reference, answer.state), ("A-1", "paid"))
        self.assertIsNone(answer.amount)
        [answer] = bank_answer.read([["Reference", "Result"], ["A-1"]])
        self.assertEqual((answer.reference, answer.state), ("A-1", ""))

    def test_unreadable(self):
        """R52: a file that is no answer is refused."""
        for rows, code in (
            ([], "no_titles"),
            ([["Reference", "Amount"], ["A-1", "1"]], "no_titles"),
            ([TITLES], "empty"),
            ([TITLES, ["", "", "", "100"]], "empty"),
        ):
            with self.subTest(rows=rows), self.assertRaises(RuleError) as caught:
                bank_answer.read(rows)
            self.assertEqual(caught.exception.code, code)
