from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .document_match import SEEN


class FileMatch(models.TransientModel):
    """All data and papers of a file that are not matched yet, on one page (R13).

    The form opens from a file or from a request. From a request it lists the papers
    of the request. Lines without a source are skipped.
    """

    _name = "beneficiary.file.match"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Match the Data"

    beneficiary_id = fields.Many2one("beneficiary.beneficiary", required=True)
    request_id = fields.Many2one("beneficiary.request")
    seen = fields.Selection(
        SEEN,
        string="Source Seen",
        help="Written beside everything that has no source of its own yet.",
    )
    line_ids = fields.One2many(
        "beneficiary.file.match.line",
        "match_id",
        compute="_compute_line_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("beneficiary_id", "request_id")
    def _compute_line_ids(self):
        self._check_targets()
        for match in self:
            file = match.beneficiary_id
            current = file.document_ids.filtered("is_current")
            papers = match.request_id.document_ids or current
            match.line_ids = [
                Command.clear(),
                *(Command.create(vals) for vals in self._prepare_item_vals(file)),
                *(
                    Command.create({"document_id": paper.id})
                    for paper in papers
                    if not paper.matched_on
                ),
            ]

    @api.onchange("seen")
    def _onchange_seen(self):
        """One source for all: the lines that have their own keep it."""
        for line in self.line_ids.filtered(lambda line: not line.seen):
            line._suggest("seen", "source", self.seen)

    @api.model
    def _prepare_item_vals(self, file):
        if not file:
            return []
        verified = file._get_verified()
        return [
            {"item": item, "stated": file._describe_item(item)}
            for item in file._get_items()
            if item not in verified or verified[item].result == "differs"
        ]

    def action_confirm(self):
        """Record the matched data and papers, each with its source."""
        self.ensure_one()
        lines = self.line_ids.filtered("source")
        if not lines:
            raise UserError(
                self.env._(
                    "Write the source that you saw beside each item that you compared."
                )
            )
        items = lines.filtered("item")
        if items:
            self.beneficiary_id._verify_items(
                [
                    {
                        "item": line.item,
                        "source": line.source,
                        "result": line.result,
                        "note": line.note,
                    }
                    for line in items
                ]
            )
        for line in lines - items:
            line.document_id.action_match(line.source)
        return {"type": "ir.actions.act_window_close"}


class FileMatchLine(models.TransientModel):
    """One item or paper, and the source of its comparison."""

    _name = "beneficiary.file.match.line"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Data to Match"

    match_id = fields.Many2one(
        "beneficiary.file.match", required=True, ondelete="cascade", index=True
    )
    item = fields.Selection(
        selection=lambda self: self.env["beneficiary.verification"]._selection_item()
    )
    document_id = fields.Many2one("beneficiary.document")
    label = fields.Char(string="What", compute="_compute_label")
    stated = fields.Text(string="As Stated in the File")
    seen = fields.Selection(SEEN)
    source = fields.Char(string="Source Seen")
    result = fields.Selection(
        [("matched", "Matches"), ("differs", "Differs")],
        required=True,
        default="matched",
    )
    note = fields.Char()

    @api.onchange("seen")
    def _onchange_seen(self):
        self._suggest("seen", "source")

    @api.depends("item", "document_id")
    def _compute_label(self):
        self._check_targets()
        labels = self.env["beneficiary.verification"]._get_item_labels()
        for line in self:
            line.label = labels.get(line.item) or line.document_id.display_name
