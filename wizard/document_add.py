from odoo import api, fields, models
from odoo.exceptions import UserError


class DocumentAdd(models.TransientModel):
    """Takes the papers that were dropped onto a request into the file (R12).

    The form proposes the kinds that the request still waits for, in the order in which
    the service asks for them. Two files of one kind are its front and its back.
    """

    _name = "beneficiary.document.add"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Add Papers"

    request_id = fields.Many2one("beneficiary.request", required=True)
    allowed_type_ids = fields.Many2many(
        "beneficiary.document.type", compute="_compute_allowed_type_ids"
    )
    line_ids = fields.One2many("beneficiary.document.add.line", "wizard_id")

    @api.depends("request_id")
    def _compute_allowed_type_ids(self):
        """The kinds that are missing; where none is, those that the service asks for.

        A request whose service asks for no paper takes any kind.
        """
        self._check_targets()
        kinds = self.env["beneficiary.document.type"]
        readable = kinds.search(self.env["beneficiary.document"]._get_type_domain())
        for wizard in self:
            request = wizard.request_id
            asked = request and request._get_document_types() & readable
            wizard.allowed_type_ids = (
                (request and request._get_missing_types() & readable)
                or asked
                or readable
            )

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard._propose_kinds()
        return wizards

    def _propose_kinds(self):
        """Give each paper without a kind the next kind that is missing."""
        self.ensure_one()
        missing = self.request_id._get_missing_types() & self.allowed_type_ids
        sides = [
            kind for kind in missing for _side in range(kind._get_number_of_sides())
        ]
        lines = self.line_ids.filtered(lambda line: not line.type_id)
        for line, kind in zip(lines, sides, strict=False):
            line.type_id = kind

    def action_confirm(self):
        """Add the papers to the file of the request."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("Drop at least one paper."))
        if not all(line.type_id for line in self.line_ids):
            raise UserError(
                self.env._("Choose the kind of every paper, or remove its line.")
            )
        papers = self.line_ids.grouped("type_id")
        for kind, lines in papers.items():
            if len(lines) > kind._get_number_of_sides():
                raise UserError(
                    self.env._(
                        "There is more than one paper of the kind “%(kind)s”. Keep one "
                        "of them, or choose another kind.",
                        kind=kind.name,
                    )
                )
        self.env["beneficiary.document"].create(
            [lines._prepare_document_vals() for lines in papers.values()]
        )
        return {"type": "ir.actions.act_window_close"}


class DocumentAddLine(models.TransientModel):
    """One file that was dropped, and what kind of paper it is."""

    _name = "beneficiary.document.add.line"
    _inherit = ["beneficiary.form.mixin", "beneficiary.upload.mixin"]
    _description = "Paper to Add"
    _upload_fields = {"file": "file_name"}

    wizard_id = fields.Many2one(
        "beneficiary.document.add", required=True, ondelete="cascade", index=True
    )
    type_id = fields.Many2one("beneficiary.document.type", string="Kind of Document")
    file = fields.Binary(string="Scan", required=True)
    file_name = fields.Char(string="Name of the Scan")
    number = fields.Char(
        compute="_compute_number", compute_sudo=False, store=True, readonly=False
    )
    issue_date = fields.Date()
    expiry_date = fields.Date()

    @api.depends("type_id")
    def _compute_number(self):
        """An identity card has the number that stands in the file."""
        self._check_targets()
        for line in self:
            file = line.wizard_id.request_id.beneficiary_id
            is_card = line.type_id.identity_proof == "card"
            line.number = line.number or (is_card and file.identity_number)

    def _prepare_document_vals(self):
        """Return the values of the paper that these files, its sides, make."""
        front, *back = self
        vals = {
            "beneficiary_id": front.wizard_id.request_id.beneficiary_id.id,
            "type_id": front.type_id.id,
            "file": front.file,
            "file_name": front.file_name,
            "number": front.number,
            "issue_date": front.issue_date,
            "expiry_date": front.expiry_date,
        }
        for other in back:
            vals |= {"file_back": other.file, "file_back_name": other.file_name}
        return vals
