import io

import xlsxwriter

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...rules import RuleError, arabic, bank_answer, disbursement_flow, flow
from ..beneficiary.beneficiary_household import FINANCE

# What of each payment the sheet has, as the log of exports names it (R43).
EXPORTED = (
    "name",
    "file_number",
    "payee",
    "iban",
    "amount",
    "fund",
    "request_names",
)
WIDTHS = (18, 12, 34, 30, 14, 18, 26, 16, 26, 20)
SHEET_URL = "/beneficiary_relations/disbursement/%s/bank.xlsx"


class DisbursementBank(models.Model):
    """What goes to the bank, and what comes back from it (R52)."""

    _inherit = "beneficiary.disbursement"

    exported_on = fields.Datetime(
        string="File for the Bank Made On", readonly=True, copy=False
    )

    # -- to the bank -------------------------------------------------------------------

    def action_export(self):
        """Make the file for the bank: from now on the list is not opened again.

        :return: the action that downloads the sheet
        :raise AccessError: if the user does not read bank data
        """
        self.ensure_one()
        self.check_access("read")
        self._check_role(flow.OFFICERS)
        self._check_sheet()
        if not self.exported_on:
            self.sudo()._write_flow({"exported_on": fields.Datetime.now()})
        self.sudo()._message_log(body=self.env._("The file for the bank was made."))
        return {
            "type": "ir.actions.act_url",
            "url": SHEET_URL % self.id,
            "target": "download",
        }

    def _check_sheet(self):
        """Raise unless the acting user may take the accounts of a frozen list along."""
        if not self.env.user.has_group(FINANCE):
            raise AccessError(
                self.env._("Only people who read bank data make the file for the bank.")
            )
        if self.state not in disbursement_flow.FROZEN:
            raise UserError(self.env._("The list of disbursement is not approved yet."))

    def _get_bank_sheet(self):
        """Return the workbook for the bank, and log that it leaves the system.

        Every text is written as text: no cell is ever read as a formula.
        """
        self.ensure_one()
        self._check_sheet()
        self.env["beneficiary.export.log"]._add(self.line_ids, EXPORTED)
        return self.with_context(lang=self._get_paper_lang())._write_sheet()

    def _write_sheet(self):
        content = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False}
        with xlsxwriter.Workbook(content, options) as book:
            sheet = book.add_worksheet()
            if self.env["res.lang"]._get_data(code=self.env.lang).direction == "rtl":
                sheet.right_to_left()
            bold = book.add_format({"bold": True})
            text = book.add_format({"num_format": "@"})
            places = "0" * self.currency_id.decimal_places
            number = f"#,##0.{places}" if places else "#,##0"
            money = book.add_format({"num_format": number})
            total = book.add_format({"num_format": number, "bold": True})
            titles = self._get_sheet_titles()
            for column, (title, width) in enumerate(zip(titles, WIDTHS, strict=True)):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, title, bold)
            sheet.freeze_panes(1, 0)
            row = 0
            for row, line in enumerate(self.line_ids, 1):
                for column, value in enumerate(line._get_sheet_values()):
                    if isinstance(value, str):
                        sheet.write_string(row, column, value, text)
                    else:
                        sheet.write_number(row, column, value, money)
            count = self.env._("Number of payments: %(count)s", count=self.line_count)
            sheet.write_string(row + 2, 2, count, bold)
            sheet.write_string(row + 2, 3, self.env._("Total"), bold)
            sheet.write_number(row + 2, 4, self.amount_total, total)
        return content.getvalue()

    def _get_sheet_titles(self):
        """Return the titles; the bank fills the last three, and the sheet is read back.

        See :data:`rules.bank_answer`, which knows these titles.
        """
        return [
            self.env._("Payment reference"),
            self.env._("File number"),
            self.env._("Account holder"),
            self.env._("IBAN"),
            self.env._("Amount"),
            self.env._("Fund"),
            self.env._("Requests"),
            self.env._("Result"),
            self.env._("Return reason"),
            self.env._("Bank reference"),
        ]

    # -- from the bank -----------------------------------------------------------------

    def action_pay_waiting(self, paid_on=None, bank_reference=None):
        """Record that the bank paid all that it has not answered yet.

        :param paid_on: see ``action_pay`` of the payments, as for the next one
        """
        self.ensure_one()
        self.check_access("read")
        waiting = self.line_ids.filtered(lambda line: line.state == "waiting")
        if not waiting:
            raise UserError(self.env._("The bank has answered each payment already."))
        return waiting.action_pay(paid_on=paid_on, bank_reference=bank_reference)

    def _read_answers(self, content, name):
        """Return what a file of the bank says of each payment of this list.

        :param content: the file, as bytes
        :param name: its name, which tells CSV from XLSX
        :return: list of tuples (:class:`rules.bank_answer.Answer`, payment, sentence).
            The payment is empty where it is not known. The sentence says why the row is
            not applied; it is empty where it is.
        :raise UserError: if the file cannot be read
        """
        self.ensure_one()
        try:
            answers = bank_answer.read(self._read_rows(content, name))
        except RuleError as error:
            raise UserError(self._get_answer_sentence(error.code)) from error
        lines = {
            bank_answer.reference_key(line.name or ""): line for line in self.line_ids
        }
        seen = {}
        found = []
        for answer in answers:
            line = lines.get(answer.reference, self.line_ids.browse())
            sentence = self._get_answer_problem(answer, line, seen.get(line))
            if line and not sentence:
                seen[line] = answer
            found.append((answer, line, sentence))
        return found

    def _read_rows(self, content, name):
        """Return the rows of a sheet, with Odoo's reader of imports."""
        reader = self.env["base_import.import"].new(
            {"res_model": self._name, "file": content, "file_name": name}
        )
        try:
            _length, rows = reader._read_file({"quoting": '"', "separator": ""})
        # Whatever the readers of the formats raise: the file is no sheet.
        except Exception as error:
            raise UserError(self._get_answer_sentence("unreadable")) from error
        return rows

    def _get_answer_sentence(self, code):
        sentences = {
            "unreadable": self.env._(
                "This file cannot be read. Save the bank's answer as XLSX or CSV, and "
                "choose that."
            ),
            "no_titles": self.env._(
                "The file has no columns “Payment reference” and “Result”. Write these "
                "titles above the bank's columns."
            ),
            "empty": self.env._("The file names no payment."),
        }
        return sentences[code]

    def _get_answer_problem(self, answer, line, former):
        """Return why the bank's word on a payment is not applied, or an empty text."""
        env = self.env
        if not line:
            return env._("No payment of this list has this reference.")
        if answer.problem:
            return env._("The amount cannot be read.")
        if not answer.state:
            return env._("The result is neither paid nor returned.")
        if answer.amount is not None and self.currency_id.compare_amounts(
            answer.amount, line.amount
        ):
            return env._(
                "The amount differs: the list has %(amount)s.",
                amount=self.currency_id.format(line.amount),
            )
        if former and former.state != answer.state:
            return env._("Another row says something else of this payment.")
        if former or line.state == answer.state:
            return env._("Recorded already.")
        if line.state == "returned":
            return env._("It was sent back before: a payment of it is in a later list.")
        if answer.state == bank_answer.RETURNED and arabic.is_blank(answer.reason):
            return env._("The reason is missing.")
        return ""

    def _apply_answers(self, content, name, paid_on):
        """Record a file of the bank; rows that are not applied are told in a note.

        :return: the number of payments that were changed
        """
        answers = self._read_answers(content, name)
        groups, refused = {}, []
        for answer, line, sentence in answers:
            if sentence:
                refused.append(
                    self.env._(
                        "Row %(row)s, %(reference)s: %(problem)s",
                        row=answer.row,
                        reference=answer.reference or answer.said,
                        problem=sentence,
                    )
                )
                continue
            key = answer.state, answer.reason, answer.bank_reference
            groups[key] = groups.get(key, line.browse()) | line
        for (state, reason, reference), lines in groups.items():
            if state == bank_answer.PAID:
                lines.action_pay(paid_on=paid_on, bank_reference=reference)
            else:
                lines.action_return(reason=reason)
        if groups and refused:
            self.sudo()._message_log(body=self._list_html(refused))
        return sum(len(lines) for lines in groups.values())
