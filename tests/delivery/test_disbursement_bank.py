import io

import openpyxl
from freezegun import freeze_time

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .disbursement_common import ANSWERED, PAID_ON, DisbursementCase, make_iban

# It says in the log which file it cannot read.
READER = "odoo.addons.base_import.models.base_import"


@tagged("post_install", "-at_install")
class TestDisbursementBank(DisbursementCase):
    """What the bank answers to a list of disbursement."""

    def _read_sheet(self, disbursement):
        content = disbursement.with_user(self.officer)._get_bank_sheet()
        return openpyxl.load_workbook(io.BytesIO(content)).active

    def test_sheet(self):
        """R52: the sheet has an account as text, never a formula, and the total."""
        self.file.bank_account_holder = "=HYPERLINK(1)"
        self._plan(100)
        self._plan(50.5)
        disbursement = self._make_approved()
        disbursement.action_export()
        sheet = self._read_sheet(disbursement)
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual(
            rows[1][:5],
            (
                f"{disbursement.name}-0001",
                self.file.file_number,
                "=HYPERLINK(1)",
                make_iban(1),
                150.5,
            ),
        )
        kinds = [cell.data_type for cell in sheet[2]][:5]
        self.assertEqual(kinds, ["s", "s", "s", "s", "n"])
        self.assertEqual(rows[-1][4], 150.5)
        log = self.env["beneficiary.export.log"].search(
            [("res_model", "=", disbursement.line_ids._name)], limit=1
        )
        self.assertEqual((log.user_id, log.record_count), (self.officer, 1))
        self.assertIn("iban", log.field_names)

    def test_sheet_in_arabic(self):
        """R44, R52: the sheet of an Arabic association can be read back."""
        self.company.partner_id.lang = "ar_001"
        self._plan(100)
        disbursement = self._make_approved()
        disbursement.action_export()
        sheet = self._read_sheet(disbursement)
        self.assertTrue(sheet.sheet_view.rightToLeft)
        sheet.cell(2, 8, "تم الصرف")
        content = io.BytesIO()
        sheet.parent.save(content)
        with freeze_time(ANSWERED):
            officer = disbursement.with_user(self.officer)
            officer._apply_answers(content.getvalue(), "bank.xlsx", PAID_ON)
        self.assertEqual(disbursement.state, "done")

    def test_paid(self):
        """R25, R52: what the bank paid is received; its number is the proof."""
        budget = self._make_budget(1000)
        delivery = self._plan(100)
        disbursement = self._make_approved()
        line = disbursement.line_ids
        for day, words in (
            (None, "the day on which"),
            ("2026-03-16", "still to come"),
            ("2026-03-14", "after the list was approved"),
        ):
            self.assertRefused(words, disbursement.action_pay_waiting, paid_on=day)
        with freeze_time(ANSWERED):
            disbursement.action_pay_waiting(paid_on="2026-03-17", bank_reference="TX-1")
            self.assertRefused(
                "answered each payment already",
                disbursement.action_pay_waiting,
                paid_on="2026-03-17",
            )
        self.assertEqual((line.state, disbursement.state), ("paid", "done"))
        self.assertEqual(
            (delivery.state, delivery.method, delivery.handed_on, delivery.received_by),
            ("received", "transfer", PAID_ON, self.file.name),
        )
        self.assertEqual(delivery.transfer_reference, "TX-1")
        self.assertEqual(self.request._get_owed(), 400)
        budget.invalidate_recordset()
        self.assertEqual((budget.paid, budget.to_pay), (100, 900))

    def test_returned_later(self):
        """R52: the bank may send back what it paid; it is planned and paid again."""
        delivery = self._plan(100)
        first = self._make_approved()
        with freeze_time(ANSWERED):
            first.action_pay_waiting(paid_on=PAID_ON)
            first.line_ids.action_return("Account closed")
            self.assertEqual(delivery.state, "returned")
            again = delivery.correction_ids
            self.assertEqual((again.state, again.amount), ("planned", 100))
            self.assertEqual(self.request.amount_planned, 100)
            activity = self.request.activity_ids
            self.assertIn("check the IBAN", "".join(activity.mapped("summary")))
            second = self._make_list()
            # The account is still the one that the bank did not know.
            self.assertIn("sent a transfer to this account", second.line_ids.problems)
            self.file.iban = make_iban(2)
            self.assertFalse(second.line_ids.problems)
            second.with_user(self.manager).action_approve()
            second.action_pay_waiting(paid_on=PAID_ON)
        self.assertEqual(again.state, "received")
        # Both attempts stay on record.
        self.assertEqual(first.line_ids.delivery_ids, delivery)
        self.assertEqual(first.line_ids.iban, make_iban(1))
        self.assertEqual(second.line_ids.iban, make_iban(2))

    def test_delivered_request(self):
        """R25, R52: a transfer that comes back registers a delivered request again."""
        self._plan(500)
        disbursement = self._make_approved()
        with freeze_time(ANSWERED):
            disbursement.action_pay_waiting(paid_on=PAID_ON)
            officer = self.request.with_user(self.officer)
            officer.action_deliver(evidence="Paid by the bank")
            disbursement.line_ids.action_return("Account closed")
        self.assertEqual(self.request.state, "registered")
        self.assertEqual(self.request.amount_planned, 500)

    def test_answer(self):
        """R52: the bank's file is shown, then recorded; nothing changes silently."""
        self._plan_many(4)
        disbursement = self._make_approved()
        lines = disbursement.line_ids
        rows = [
            [lines[0].name, "paid", "", 100],
            [lines[1].name, "returned", "Account closed", 100],
            [lines[2].name, "paid", "", 99],
            [lines[3].name, "returned", "", 100],
            ["DL/1999/0001-0001", "paid", "", 100],
            [lines[3].name, "perhaps", "", 100],
        ]
        with freeze_time(ANSWERED):
            wizard = self._answer(disbursement, rows)
            self.assertEqual((wizard.applied_count, wizard.refused_count), (2, 4))
            for words in (
                "The amount differs",
                "The reason is missing",
                "No payment of this list",
                "neither paid nor returned",
            ):
                self.assertIn(words, wizard.preview)
            self.assertEqual(set(lines.mapped("state")), {"waiting"})
            wizard.action_confirm()
            states = ["paid", "returned", "waiting", "waiting"]
            self.assertEqual(lines.mapped("state"), states)
            self.assertEqual(lines[1].return_reason, "Account closed")
            note = disbursement.message_ids[0].body
            self.assertIn("The amount differs", note)
            # The same file again changes nothing.
            deliveries = self.env["beneficiary.delivery"].search_count([])
            again = self._answer(disbursement, rows)
            self.assertEqual(again.applied_count, 0)
            self.assertIn("Recorded already", again.preview)
            again.action_confirm()
        self.assertEqual(lines.mapped("state"), states)
        self.assertEqual(self.env["beneficiary.delivery"].search_count([]), deliveries)

    def test_contradiction(self):
        """R52: rows that contradict each other or the record are not applied."""
        self._plan(100)
        disbursement = self._make_approved()
        line = disbursement.line_ids
        with freeze_time(ANSWERED):
            wizard = self._answer(
                disbursement,
                [[line.name, "paid", "", 100], [line.name, "returned", "Closed", 100]],
            )
            self.assertIn("Another row says something else", wizard.preview)
            line.action_return("Closed")
            late = self._answer(disbursement, [[line.name, "paid", "", 100]])
        self.assertEqual(late.applied_count, 0)
        self.assertIn("It was sent back before", late.preview)

    def test_unreadable_answer(self):
        """R52: a file that is no sheet is refused with a sentence."""
        self._plan(100)
        disbursement = self._make_approved()
        for content, name, words in (
            (b"%PDF-1.4", "answer.pdf", "cannot be read"),
            (b"PK no archive", "answer.xlsx", "cannot be read"),
            (b"a,b\n1,2\n", "answer.csv", "has no columns"),
        ):
            with self.subTest(name=name), mute_logger(READER):
                self.assertRefused(words, disbursement._read_answers, content, name)

    def test_three_hundred(self):
        """R50, R52: of 300 deliveries one is paid again; the totals are right."""
        policy = self.company._get_beneficiary_policy()
        policy._write_state({"in_force_on": "2020-01-01"})
        budget = self._make_budget(30000)
        deliveries = self._plan_many(300)
        first = self._make_approved()
        self.assertEqual((first.line_count, first.amount_total), (300, 30000))
        bad = first.line_ids[7]
        with freeze_time(ANSWERED):
            bad.action_return("Account closed")
            first.action_pay_waiting(paid_on=PAID_ON)
            self.assertEqual(first.state, "done")
            self.assertEqual((first.amount_paid, first.amount_returned), (29900, 100))
            budget.invalidate_recordset()
            self.assertEqual((budget.paid, budget.to_pay), (29900, 100))
            second = self._make_approved()
            self.assertEqual(second.amount_total, 100)
            second.action_pay_waiting(paid_on=PAID_ON)
        budget.invalidate_recordset()
        self.assertEqual((budget.paid, budget.to_pay), (30000, 0))
        requests = deliveries.request_id
        self.assertEqual(set(requests.mapped("amount_planned")), {100})
        self.assertEqual(sum(request._get_owed() for request in requests), 0)
        kept = requests.delivery_ids.filtered(lambda one: one.state == "received")
        self.assertEqual(len(kept), 300)
        with freeze_time(ANSWERED):
            page = self.env["beneficiary.compliance"].create(
                {"company_id": self.company.id, "period": "month"}
            )
        told = {
            line.code: (line.kept, line.total, line.amount)
            for line in page.line_ids
            if line.has_amount
        }
        self.assertEqual(
            told,
            {
                "transfer_made": (300, 301, 30000),
                "transfer_returned": (1, 1, 100),
                "transfer_repaid": (1, 1, 100),
            },
        )

    def test_query_counts(self):
        """R52: each step of a list takes as many queries for 40 payments as for 20."""
        counts = []
        for count in (1, 20, 40):
            self._plan_many(count)
            with freeze_time(ANSWERED):
                self.env.flush_all()
                self.env.invalidate_all()
                counts.append(self._count_steps())
        for name in counts[0]:
            taken = [found[name] for found in counts]
            with self.subTest(step=name, taken=taken):
                self.assertLessEqual(taken[2] - taken[1], 4)

    def _count_steps(self):
        steps = {}

        def count(name, call, *args, **given):
            before = self.env.cr.sql_log_count
            result = call(*args, **given)
            self.env.flush_all()
            steps[name] = self.env.cr.sql_log_count - before
            self.env.invalidate_all()
            return result

        disbursement = count("gather", self._make_list)
        fields = {"name": {}, "account": {}, "problems": {}, "request_names": {}}
        lines = disbursement.line_ids
        count("read", lines.web_read, fields)
        count("approve", disbursement.with_user(self.manager).action_approve)
        count("sheet", disbursement._get_bank_sheet)
        count("pay", disbursement.action_pay_waiting, paid_on=PAID_ON)
        return steps


@tagged("post_install", "-at_install")
class TestDisbursementDoors(DisbursementCase, HttpCase):
    """The sheet and the paper of a list, through their own doors."""

    def test_download(self):
        """R43, R52: the sheet leaves after the button only, to the office alone."""
        self._plan(100)
        disbursement = self._make_approved()
        url = f"/beneficiary_relations/disbursement/{disbursement.id}/bank.xlsx"
        self.authenticate("br_officer", "br_officer")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.assertEqual(disbursement.action_export()["url"], url)
        self.env.flush_all()
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        self.assertEqual(sheet["D2"].value, make_iban(1))
        for login in ("br_delegate", "br_member", "br_outsider"):
            with self.subTest(login=login):
                self.authenticate(login, login)
                self.assertEqual(self.url_open(url).status_code, 404)

    def test_paper(self):
        """R40, R52: the list is printed with its total in words and four signatures."""
        self._plan(100)
        disbursement = self._make_approved()
        html = self.env["ir.actions.report"]._render_qweb_html(
            "beneficiary_relations.disbursement_report", disbursement.ids
        )[0]
        text = html.decode()
        for words in (
            disbursement.name,
            make_iban(1),
            self.request.name,
            "Prepared by",
            "Checked by",
            "Approved by",
            "Stamp",
            "One Hundred",
        ):
            self.assertIn(words, text)
