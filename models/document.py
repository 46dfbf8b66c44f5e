from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import date_utils

# What is on the paper: a change of any of these makes it unmatched again (R13).
CONTENT_FIELDS = {
    "beneficiary_id",
    "type_id",
    "number",
    "issue_date",
    "expiry_date",
    "file",
}
MATCH_FIELDS = {"source", "matched_by_id", "matched_on"}


class Document(models.Model):
    """A paper of a beneficiary's file, kept once and reused by every request.

    Each is matched against its source by a named officer (R13), and is valid or
    not at a date that the request decides (R14).

    :Who may: officers, and delegates for the files of their branches.
    """

    _name = "beneficiary.document"
    _inherit = [
        "beneficiary.document.import",
        "beneficiary.declared.mixin",
        "beneficiary.upload.mixin",
        "beneficiary.mixin",
    ]
    _description = "Document of a File"
    _order = "beneficiary_id, type_id, id desc"
    _rec_name = "type_id"
    _check_company_auto = True
    _declared_fields = frozenset(CONTENT_FIELDS)

    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary",
        string="File",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="beneficiary_id.company_id", store=True, precompute=True
    )
    branch_id = fields.Many2one(
        related="beneficiary_id.branch_id", store=True, index="btree_not_null"
    )
    type_id = fields.Many2one(
        "beneficiary.document.type", required=True, index=True, ondelete="restrict"
    )
    number = fields.Char(copy=False)
    issue_date = fields.Date()
    expiry_date = fields.Date()
    valid_until = fields.Date(
        compute="_compute_valid_until",
        store=True,
        help="The earlier of the expiry date and the age limit of its kind.",
    )
    handed_on = fields.Datetime(
        string="Handed Over On", required=True, default=fields.Datetime.now
    )
    file = fields.Binary(string="Scan", attachment=True)
    file_name = fields.Char()
    source = fields.Char(
        string="Matched Against",
        copy=False,
        help="The original or register it was compared with.",
    )
    matched_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    matched_on = fields.Datetime(readonly=True, copy=False)

    _dates_ordered = models.Constraint(
        "CHECK (issue_date IS NULL OR expiry_date IS NULL"
        " OR issue_date <= expiry_date)",
        "A paper expires after it is issued.",
    )

    @api.depends("issue_date", "expiry_date", "type_id.valid_days")
    def _compute_valid_until(self):
        for document in self:
            limits = [document.expiry_date]
            if document.issue_date and document.type_id.valid_days:
                limits.append(
                    date_utils.add(
                        document.issue_date, days=document.type_id.valid_days
                    )
                )
            document.valid_until = min(filter(None, limits), default=False)

    @api.constrains("beneficiary_id")
    def _check_file_access(self):
        """Nothing is attached to a file that one may not read (delegates, R6)."""
        # Constraints run as superuser: it is the acting user who must reach the file.
        self.beneficiary_id.sudo(False).check_access("read")

    @api.constrains("file")
    def _check_file(self):
        """A scan is a photo or a PDF of bearable size: import and RPC meet it too."""
        self._check_upload("file")

    @api.model_create_multi
    def create(self, vals_list):
        if any(MATCH_FIELDS & vals.keys() for vals in vals_list):
            self._refuse_match_vals()
        documents = self._without_defaults(MATCH_FIELDS)
        return super(Document, documents).create(vals_list)

    def write(self, vals):
        if MATCH_FIELDS & vals.keys():
            self._refuse_match_vals()
        if CONTENT_FIELDS & vals.keys():
            vals = {**vals, **dict.fromkeys(MATCH_FIELDS, False)}
        return super().write(vals)

    def _move_to_file(self, name, file):
        """The paper is the same, and stays matched: it only changes its folder."""
        return super().write({name: file.id})

    def _refuse_match_vals(self):
        raise UserError(
            self.env._("Use the button to record what a paper was matched against.")
        )

    def action_match(self, source):
        """Record that the acting officer compared the papers with their source (R13).

        :param source: what they were compared with, in words
        """
        self.check_access("write")
        if not source or not source.strip():
            raise UserError(
                self.env._(
                    "Say what the paper was compared with: the original, a register…"
                )
            )
        return super().write(
            {
                "source": source.strip(),
                "matched_by_id": self.env.uid,
                "matched_on": fields.Datetime.now(),
            }
        )

    def _get_declared_data(self):
        """Return what a declaration says of these papers, ready for a digest (R16)."""
        scans = (
            self.env["ir.attachment"]
            .sudo()  # scans are hidden from some who move the request
            .search_fetch(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("res_field", "=", "file"),
                ],
                ["res_id", "checksum"],
            )
        )
        checksums = {scan.res_id: scan.checksum for scan in scans}
        return [
            {
                "kind": document.type_id.id,
                "number": document.number or None,
                "issued": document.issue_date or None,
                "expires": document.expiry_date or None,
                "scan": checksums.get(document.id),
            }
            for document in self
        ]

    def _is_valid_on(self, moment):
        """Whether the paper is valid at ``moment`` (UTC), or when handed over (R14).

        A paper handed over after the request was submitted is judged on the day
        it was handed over; an expiry date counts to the end of that day in the
        association's time zone.
        """
        self.ensure_one()
        if not self.valid_until:
            return True
        judged_on = max(moment, self.handed_on)
        zone = self.company_id._get_beneficiary_timezone()
        local = fields.Datetime.context_timestamp(self.with_context(tz=zone), judged_on)
        return local.date() <= self.valid_until
