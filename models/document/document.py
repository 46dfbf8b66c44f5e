from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...rules import flow, paper
from ...rules.evidence import says_nothing
from ..mixins.typed_search_mixin import trigram_index

# {field of a side of the paper: field of its file name}
SCANS = {"file": "file_name", "file_back": "file_back_name"}
# The content of the paper, and when it was handed over. A change of any of these makes
# the paper unmatched again (R13). The day of the hand-over decides whether the paper is
# valid (R14).
CONTENT_FIELDS = {
    "beneficiary_id",
    "type_id",
    "number",
    "issue_date",
    "expiry_date",
    "handed_on",
    *SCANS,
}
MATCH_FIELDS = {"source", "matched_by_id", "matched_on"}
# Written by the addon itself, never by hand.
KEPT_FIELDS = {
    "version",
    "is_current",
    "reminded_on",
    "reminder_retry_on",
    "reminder_activity_id",
}


class Document(models.Model):
    """A paper of a beneficiary's file, kept once and reused by every request.

    A named officer matches each paper against its source (R13). The request decides on
    which date the paper must be valid (R14). A paper of a kind that the file already
    has is the next version of that paper.

    :Who may: officers, and delegates for the files of their branches. Committee members
        read papers of the files that they study. A paper of a restricted kind is only
        for those who are also in the group of that kind. Officers match papers.
    :Parts: a file each, beside this one
        ``document_guard``: the fields that are written by hand
        ``document_version``: versions of one paper
        ``document_reminder``: reminders to renew it
        ``document_import``: papers from a sheet
        ``document_desk``: whose turn it is
        ``document_once``: a paper that is sent twice
    """

    _name = "beneficiary.document"
    _inherit = [
        "beneficiary.sweep.mixin",
        "beneficiary.import.mixin",
        "beneficiary.declared.mixin",
        "beneficiary.upload.mixin",
        "beneficiary.file.line.mixin",
        "beneficiary.desk.mixin",
        "beneficiary.each.mixin",
        "beneficiary.mixin",
    ]
    _description = "Document of a File"
    _order = "beneficiary_id, type_id, id desc"
    _rec_name = "type_id"
    _check_company_auto = True
    _declared_fields = frozenset(CONTENT_FIELDS)
    _number_fields = frozenset(["number"])
    _upload_fields = SCANS

    branch_id = fields.Many2one(
        related="beneficiary_id.branch_id", store=True, index="btree_not_null"
    )
    type_id = fields.Many2one(
        "beneficiary.document.type",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=lambda self: self._get_type_domain(),
    )
    restriction = fields.Selection(related="type_id.restriction")
    sides = fields.Selection(related="type_id.sides")
    number = fields.Char(copy=False)
    issue_date = fields.Date(span="past")
    issue_date_hijri = fields.Char(
        string="Issued (Hijri)",
        hijri_of="issue_date",
        compute="_compute_hijri_texts",
        store=True,
        readonly=False,
        help="As the paper has it.",
    )
    expiry_date = fields.Date()
    expiry_date_hijri = fields.Char(
        string="Expires (Hijri)",
        hijri_of="expiry_date",
        compute="_compute_hijri_texts",
        store=True,
        readonly=False,
        help="As the paper has it.",
    )
    valid_until = fields.Date(
        compute="_compute_valid_until",
        store=True,
        help="The earlier of the expiry date and the age limit of its kind.",
    )
    validity = fields.Selection(
        [("valid", "Valid"), ("ending", "Ends Soon"), ("ended", "No Longer Valid")],
        compute="_compute_validity",
        search="_search_validity",
    )
    handed_on = fields.Datetime(
        string="Handed Over On", required=True, default=fields.Datetime.now
    )
    file = fields.Binary(string="Scan", attachment=True)
    file_name = fields.Char(string="Name of the Scan")
    file_back = fields.Binary(string="Back", attachment=True)
    file_back_name = fields.Char(string="Name of the Back")
    front_kind = fields.Selection(
        [("pdf", "PDF"), ("photo", "Photo")], compute="_compute_scan_kinds"
    )
    back_kind = fields.Selection(
        [("pdf", "PDF"), ("photo", "Photo")], compute="_compute_scan_kinds"
    )
    missing = fields.Text(
        string="Missing Before It Can Be Matched", compute="_compute_missing"
    )
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
    _number_trigram = trigram_index("number", where="number IS NOT NULL")
    _one_current = models.UniqueIndex(
        "(beneficiary_id, type_id) WHERE is_current",
        "Somebody added a paper of this kind at the same moment. Try again.",
    )

    @api.model
    def _get_type_domain(self):
        """Return the domain of kinds whose papers the user may read."""
        restrictions = self.env.user._get_beneficiary_restrictions()
        return [("restriction", "in", restrictions)]

    @api.depends("issue_date", "expiry_date", "type_id.valid_days")
    def _compute_valid_until(self):
        for document in self:
            document.valid_until = paper.valid_until(
                document.issue_date, document.expiry_date, document.type_id.valid_days
            )

    @api.depends("valid_until", "company_id.beneficiary_paper_reminder_days")
    def _compute_validity(self):
        for company, documents in self.grouped("company_id").items():
            today, soon = (company or self.env.company)._get_beneficiary_paper_days()
            for document in documents:
                until = document.valid_until
                if not until or until > soon:
                    document.validity = "valid"
                else:
                    document.validity = "ended" if until < today else "ending"

    def _search_validity(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = Domain.FALSE
        for company in self.env.companies:
            today, soon = company._get_beneficiary_paper_days()
            domains = {
                "valid": Domain("valid_until", "=", False)
                | Domain("valid_until", ">", soon),
                "ending": Domain("valid_until", ">=", today)
                & Domain("valid_until", "<=", soon),
                "ended": Domain("valid_until", "<", today),
            }
            asked = Domain.OR(domains[key] for key in value if key in domains)
            found |= Domain("company_id", "=", company.id) & asked
        return found

    @api.depends("file_name", "file_back_name")
    def _compute_scan_kinds(self):
        def get_kind(name):
            return name and ("pdf" if name.endswith(".pdf") else "photo")

        for document in self:
            document.front_kind = get_kind(document.file_name)
            document.back_kind = get_kind(document.file_back_name)

    @api.depends("type_id", "number", "issue_date", "expiry_date", *SCANS.values())
    def _compute_missing(self):
        for document in self:
            document.missing = "\n".join(document._get_problems(codes=paper.PARTS))

    @api.constrains("handed_on")
    def _check_handed_on(self):
        """Refuse a future date: the hand-over decides on the validity (R14)."""
        now = fields.Datetime.now()
        if any(document.handed_on > now for document in self):
            raise ValidationError(
                self.env._("A paper cannot be handed over in the future.")
            )

    @api.constrains("matched_on")
    def _check_matched(self):
        """Refuse to match a paper that lacks a part its kind asks for (R12)."""
        matched = self.filtered("matched_on")
        if problems := matched._get_problems(codes=paper.PARTS):
            raise ValidationError("\n".join(problems))

    # -- matching ----------------------------------------------------------------------

    def action_match(self, source):
        """Record that the acting officer compared the papers with their source (R13).

        :param source: the source that the papers were compared with, in words
        :raise AccessError: when the user is no officer, or follows one of the files
        :raise ValidationError: with all that a paper still lacks
        """
        self.check_access("write")
        user = self.env.user
        if not flow.OFFICERS & user._get_beneficiary_roles():
            raise AccessError(
                self.env._(
                    "Only relations officers can match papers with their source."
                )
            )
        # Not every user who matches papers may see the followers of a file.
        if user in self.sudo().beneficiary_id._get_interested_users():
            raise AccessError(
                self.env._("You follow this file: let a colleague match its papers.")
            )
        if says_nothing(source):
            raise UserError(
                self.env._(
                    "Write what you compared the paper with: the original, a register…"
                )
            )
        self._write_kept(
            {
                "source": source.strip(),
                "matched_by_id": user.id,
                "matched_on": fields.Datetime.now(),
            }
        )
        # A user who matches papers of a request may not study the request.
        self.beneficiary_id._update_open_studies()
        return True

    def _get_declared_data(self):
        """Return the data of these papers for a declaration, ready to digest (R16)."""
        scans = (
            self.env["ir.attachment"]
            .sudo()  # some users who move the request may not read scans
            .search_fetch(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("res_field", "in", list(SCANS)),
                ],
                ["res_id", "res_field", "checksum"],
            )
        )
        checksums = {(scan.res_id, scan.res_field): scan.checksum for scan in scans}
        return [
            {
                "kind": document.type_id.id,
                "number": document.number or None,
                "issued": document.issue_date or None,
                "expires": document.expiry_date or None,
                "scans": [checksums.get((document.id, name)) for name in SCANS],
            }
            for document in self
        ]

    # -- problems of a paper -----------------------------------------------------------

    def _get_problems(self, moment=None, codes=None):
        """Return the problems of these papers, as sentences (R12-R14).

        :param moment: when the request was submitted (UTC); now if it is not yet
            submitted
        :param codes: codes of the problems to return: :data:`rules.paper.PARTS`,
            ``ended`` and ``unmatched``; all when None
        """
        return [
            sentence
            for document in self
            for sentence in document._get_problems_by_code(moment, codes).values()
        ]

    def _get_problems_by_code(self, moment=None, codes=None):
        """Return ``{code: sentence}`` for this paper; see :meth:`_get_problems`."""
        self.ensure_one()
        found = self._get_problem_codes(moment)
        wanted = [code for code in found if codes is None or code in codes]
        sentences = wanted and self._get_problem_sentences()
        return {code: sentences[code] for code in wanted}

    def _get_problem_codes(self, moment):
        given = {
            "front": self.file_name,
            "back": self.file_back_name,
            "number": (self.number or "").strip(),
            "issue_date": self.issue_date,
            "expiry_date": self.expiry_date,
        }
        problems = paper.missing_parts(
            self.type_id._get_asked_parts(),
            {part for part, value in given.items() if value},
        )
        if not self._is_valid_on(moment or fields.Datetime.now()):
            problems.append("ended")
        if not self.matched_on:
            problems.append("unmatched")
        return problems

    def _get_problem_sentences(self):
        name = self.type_id.name
        return {
            "front": self.env._("The document “%(paper)s” is not scanned.", paper=name),
            "back": self.env._(
                "The back of the document “%(paper)s” is missing.", paper=name
            ),
            "number": self.env._(
                "Write the number of the document “%(paper)s”.", paper=name
            ),
            "issue_date": self.env._(
                "Write when the document “%(paper)s” was issued.", paper=name
            ),
            "expiry_date": self.env._(
                "Write when the document “%(paper)s” expires.", paper=name
            ),
            "ended": self.env._(
                "The document “%(paper)s” was not valid when it was handed over: it "
                "ended on %(date)s.",
                paper=name,
                date=self._format_both(self.valid_until) if self.valid_until else "",
            ),
            "unmatched": self.env._(
                "The document “%(paper)s” has not been matched against its source.",
                paper=name,
            ),
        }

    def _get_held_text(self):
        """Return the sentence for a paper that is held, with its last day (R38)."""
        self.ensure_one()
        if not self.valid_until:
            return self.env._("We have this paper.")
        return self.env._(
            "We have this paper. It is valid until %(date)s.",
            date=self._format_both(self.valid_until),
        )

    def _is_valid_on(self, moment):
        """Return whether the paper counts for a request submitted at ``moment`` (R14).

        :param moment: UTC
        """
        self.ensure_one()
        return paper.is_valid(
            self.valid_until or None,
            moment,
            self.handed_on or moment,
            (self.company_id or self.env.company)._get_beneficiary_timezone(),
        )
