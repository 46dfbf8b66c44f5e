from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from ..delivery.disbursement_common import ANSWERED, PAID_ON, DisbursementCase
from .test_evidence import PackMixin

LATER = "2026-04-02 07:00:00"
# Payments from the raw tables, without the addon's models: those of a day range, and
# how many of the returned ones have deliveries that were all made later on.
RECOUNT = """
    WITH RECURSIVE answered AS (
        SELECT id, state, amount, CASE state WHEN 'paid' THEN paid_on
               ELSE (returned_on + interval '3 hours')::date END AS day
          FROM beneficiary_disbursement_line
         WHERE company_id = %s AND state IN ('paid', 'returned')
    ), chain (payment, first, delivery) AS (
        SELECT answered.id, delivery.id, delivery.id
          FROM answered JOIN beneficiary_delivery delivery
            ON delivery.disbursement_line_id = answered.id
         WHERE answered.state = 'returned'
         UNION
        SELECT chain.payment, chain.first, later.id
          FROM chain JOIN beneficiary_delivery later
            ON later.corrects_id = chain.delivery
    ), owed AS (
        SELECT payment FROM chain JOIN beneficiary_delivery delivery
            ON delivery.id = chain.delivery
      GROUP BY payment, first
        HAVING count(*) FILTER (WHERE delivery.state IN ('handed', 'received')) = 0
    )
    SELECT count(*) FILTER (WHERE state = 'paid'),
           sum(amount) FILTER (WHERE state = 'paid'),
           count(*) FILTER (WHERE state = 'returned'),
           sum(amount) FILTER (WHERE state = 'returned'),
           count(*) FILTER (WHERE is_repaid), sum(amount) FILTER (WHERE is_repaid)
      FROM (SELECT answered.*, state = 'returned'
                   AND id NOT IN (SELECT payment FROM owed) AS is_repaid
              FROM answered WHERE day BETWEEN %s AND %s) chosen
"""


@tagged("post_install", "-at_install")
class TestComplianceTransfer(PackMixin, DisbursementCase):
    """The transfers on the compliance page, on its paper and in the evidence pack."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policy = cls.company._get_beneficiary_policy()
        policy._write_state({"in_force_on": "2020-01-01"})

    def _open_page(self, first="2026-03-01", last="2026-04-30", user=None):
        pages = self.env["beneficiary.compliance"].with_user(user or self.manager)
        pages = pages.with_context(allowed_company_ids=self.company.ids)
        return pages.create({"period": "own", "date_from": first, "date_to": last})

    def _get_lines(self, page):
        return {
            line.code.removeprefix("transfer_"): line
            for line in page.line_ids
            if line.source == "transfer"
        }

    def _get_told(self, page):
        """Return counts and amounts: paid, sent back, paid again."""
        lines = self._get_lines(page)
        return [
            figure
            for code in ("made", "returned", "repaid")
            for figure in (lines[code].kept, lines[code].amount)
        ]

    def _recount(self, first, last):
        self.env.flush_all()
        self.env.cr.execute(RECOUNT, [self.company.id, first, last])
        return [float(figure or 0) for figure in self.env.cr.fetchone()]

    def _make_payments(self):
        """Three payments: paid; sent back twice and then paid; sent back for good."""
        self._plan_many(3, amount=100.25)
        with freeze_time(ANSWERED):
            first = self._make_approved()
            for line in first.line_ids[1:]:
                line.action_return("Account closed")
            first.line_ids[0].action_pay(paid_on=PAID_ON)
        with freeze_time(LATER):
            second = self._make_approved(date_to=date(2026, 4, 30))
            second.line_ids.action_return("Account closed")
            third = self._make_approved(date_to=date(2026, 4, 30))
            third.line_ids[0].action_pay(paid_on=date(2026, 4, 2))
        return first, second, third

    def test_recount(self):
        """R50, R52: transfers and amounts are what plain SQL counts in the tables."""
        lists = self._make_payments()
        with freeze_time(LATER):
            for first, last in (
                ("2026-03-01", "2026-04-30"),
                ("2026-03-17", "2026-03-17"),
                ("2026-03-18", "2026-04-02"),
                ("2026-04-03", "2026-04-30"),
            ):
                with self.subTest(first=first):
                    page = self._open_page(first, last)
                    self.assertEqual(self._get_told(page), self._recount(first, last))
            page = self._open_page()
        # Six payments, of which the last is still with the bank.
        self.assertEqual(self._get_told(page), [2, 200.5, 4, 401, 2, 200.5])
        lines = self._get_lines(page)
        self.assertEqual((lines["made"].kept, lines["made"].total), (2, 6))
        self.assertEqual((lines["repaid"].kept, lines["repaid"].total), (2, 4))
        self.assertEqual(lines["repaid"].state, "kept")
        first, second, third = lists
        for action, wanted in (
            (lines["made"].action_open_kept(), first.line_ids[0] | third.line_ids[0]),
            (
                lines["returned"].action_open_kept(),
                first.line_ids[1:] | second.line_ids,
            ),
        ):
            rows = self.env[action["res_model"]].with_user(self.manager)
            rows = rows.search(action["domain"])
            self.assertEqual(set(rows.ids), set(wanted.ids))
            opened = rows[0].action_open()
            self.assertEqual(opened["res_model"], first._name)

    def test_pack(self):
        """R50, R52: the program recounts the transfers, and sees a changed amount."""
        self._make_payments()
        with freeze_time(LATER):
            page = self._open_page()
            folder = self._unpack(page)
        code, words = self._check(folder)
        self.assertEqual(code, 0, words)
        self._change(folder, "transfers.csv", "amount", "100.20")
        self._forget_digests(folder)
        code, words = self._check(folder)
        self.assertEqual(code, 1)
        self.assertIn("transfer_made", words)
        self.assertNotIn("transfer_returned", words)
        logs = self.env["beneficiary.export.log"].search(
            [("res_model", "=", "beneficiary.disbursement.line")]
        )
        self.assertIn(6, logs.mapped("record_count"))

    def test_paper(self):
        """R40, R50: the paper tells the transfers with their amounts."""
        self._make_payments()
        with freeze_time(LATER):
            page = self._open_page()
        report = self.env["ir.actions.report"]
        html = report._render_qweb_html(
            "beneficiary_relations.compliance_report", page.ids
        )
        for words in ("Disbursement by bank transfer", "2 of 6", "200.50", "401.00"):
            self.assertIn(words, html[0].decode())
