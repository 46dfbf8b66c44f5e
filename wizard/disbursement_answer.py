from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..models.mixins.each_mixin import notify
from ..rules import bank_answer
from ..rules.upload import MAX_FILE_MB, decode


class DisbursementAnswer(models.TransientModel):
    """The bank's answer to a list, shown before it is recorded (R52).

    Each row of the file says what happens: paid, sent back, or why it is not applied.
    Confirming reads the file anew, so that nothing but the file counts.
    """

    _name = "beneficiary.disbursement.answer"
    _inherit = ["beneficiary.form.mixin", "beneficiary.upload.mixin"]
    _description = "Answer of the Bank"
    _upload_fields = {"file": "file_name"}

    disbursement_id = fields.Many2one(
        "beneficiary.disbursement", string="List of Disbursement", required=True
    )
    file = fields.Binary(string="File of the Bank", required=True)
    file_name = fields.Char()
    paid_on = fields.Date(
        required=True,
        default=lambda self: self.env.company._get_beneficiary_today(),
    )
    applied_count = fields.Integer(
        string="Payments to Be Recorded", compute="_compute_preview"
    )
    refused_count = fields.Integer(
        string="Rows Not Applied", compute="_compute_preview"
    )
    preview = fields.Html(compute="_compute_preview")

    @api.model
    def _prepare_upload_vals(self, vals):
        """Take a sheet as it is: it is read, and neither shown nor kept."""
        if len(decode(vals.get("file"))) > MAX_FILE_MB * 1024 * 1024:
            raise ValidationError(
                self.env._("The file is larger than %(size)s MB.", size=MAX_FILE_MB)
            )
        return vals

    @api.depends("disbursement_id", "file", "file_name")
    def _compute_preview(self):
        self._check_targets()
        for wizard in self:
            wizard.applied_count = wizard.refused_count = 0
            wizard.preview = False
            if not wizard.file or not wizard.disbursement_id:
                continue
            try:
                answers = wizard._read_answers()
            except UserError as error:
                wizard.preview = Markup("<p class='text-danger'>%s</p>") % error
                continue
            refused = [found for found in answers if found[2]]
            wizard.refused_count = len(refused)
            wizard.applied_count = len(answers) - len(refused)
            wizard.preview = wizard._get_preview(answers)

    def _read_answers(self):
        self.ensure_one()
        disbursement = self.disbursement_id._origin
        disbursement.check_access("read")
        return disbursement._read_answers(self._get_content(), self.file_name or "")

    def _get_content(self):
        return decode(self.with_context(bin_size=False).file)

    def _get_preview(self, answers):
        """Return a table of the rows; those that are not applied come first."""
        labels = {
            bank_answer.PAID: self.env._("Paid"),
            bank_answer.RETURNED: self.env._("Sent back"),
        }
        titles = [
            self.env._("Row"),
            self.env._("Payment reference"),
            self.env._("File"),
            self.env._("Amount"),
            self.env._("What happens"),
        ]
        head = Markup("").join(Markup("<th>%s</th>") % title for title in titles)
        rows = Markup("").join(
            Markup(
                "<tr class='%s'><td>%s</td><td dir='ltr'>%s</td><td>%s</td><td>%s</td>"
                "<td>%s</td></tr>"
            )
            % (
                "table-warning" if sentence else "",
                answer.row,
                answer.reference,
                line.beneficiary_id.display_name or "",
                self._get_amount_text(answer, line),
                sentence or f"{labels[answer.state]} {answer.reason}".strip(),
            )
            for answer, line, sentence in sorted(answers, key=lambda row: not row[2])
        )
        return Markup("<table class='table table-sm'><tr>%s</tr>%s</table>") % (
            head,
            rows,
        )

    def _get_amount_text(self, answer, line):
        currency = self.disbursement_id.currency_id
        amount = line.amount if answer.amount is None else answer.amount
        return currency.format(amount) if line or answer.amount else ""

    def action_confirm(self):
        """Record what the bank says, and say which rows were not applied."""
        self.ensure_one()
        disbursement = self.disbursement_id
        disbursement.check_access("read")
        content, name = self._get_content(), self.file_name or ""
        refused = sum(bool(row[2]) for row in disbursement._read_answers(content, name))
        count = disbursement._apply_answers(content, name, self.paid_on)
        message = self.env._("Payments recorded: %(count)s.", count=count)
        if refused:
            message += "\n" + self.env._(
                "Rows not applied: %(count)s. The history of the list names them.",
                count=refused,
            )
        return notify(message, is_warning=bool(refused))
