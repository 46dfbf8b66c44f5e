from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

PURPOSES = [
    ("share", "Sharing with Bodies That Help"),
    ("publish", "Photos and Stories"),
    ("contact", "News of Services"),
    ("study", "Studies and Surveys"),
]


class Consent(models.Model):
    """One decision of a person about a use of their data: given or withdrawn (R51).

    The latest line for a purpose counts. A line is never changed or deleted: a new
    decision is a new line. Without a line there is no consent.

    :Who may: the front desk records what people say; researchers and auditors read.
        Applicants decide on the portal. Nobody changes or deletes a line.
    """

    _name = "beneficiary.consent"
    _inherit = ["beneficiary.file.mixin", "beneficiary.mixin"]
    _description = "Consent"
    _order = "decided_on desc, id desc"
    _rec_name = "purpose"
    _check_company_auto = True
    _word_fields = frozenset(["given_by"])

    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary",
        string="File",
        required=True,
        check_company=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="beneficiary_id.company_id", store=True, precompute=True, index=True
    )
    purpose = fields.Selection(PURPOSES, required=True)
    decision = fields.Selection(
        [("given", "Given"), ("withdrawn", "Withdrawn")],
        required=True,
        default="given",
    )
    decided_on = fields.Datetime(
        required=True, default=fields.Datetime.now, span="past"
    )
    method = fields.Selection(
        [
            ("portal", "On the Portal"),
            ("paper", "On Paper"),
            ("person", "In Person"),
            ("phone", "By Telephone"),
            ("message", "By Message"),
        ],
        string="How",
        required=True,
        default="paper",
    )
    given_by = fields.Char(
        string="Who Decided",
        required=True,
        compute="_compute_given_by",
        store=True,
        readonly=False,
        precompute=True,
        help="The person, or who stands for them now.",
    )
    evidence = fields.Text(help="Where the paper or the message is kept.")
    recorded_by_id = fields.Many2one(
        "res.users", required=True, readonly=True, default=lambda self: self.env.user
    )

    _latest = models.Index("(beneficiary_id, purpose, decided_on DESC, id DESC)")
    _company_order = models.Index("(company_id, decided_on DESC, id DESC)")

    @api.depends("beneficiary_id")
    def _compute_given_by(self):
        for consent in self:
            names = consent.beneficiary_id._get_signers(self.env.user)
            consent.given_by = names[0] if names else False

    @api.constrains("given_by")
    def _check_given_by(self):
        """Raise for the name of somebody who does not stand for the person (R51)."""
        for consent in self:
            names = consent.beneficiary_id._get_signers(self.env.user)
            if consent.given_by not in names:
                raise ValidationError(
                    self.env._(
                        "%(name)s does not stand for this file. Write the name of the "
                        "person or of a representative: %(names)s.",
                        name=consent.given_by,
                        names=self._list_words(names) or "-",
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and (
                "recorded_by_id" in vals or vals.get("method") == "portal"
            ):
                raise UserError(
                    self.env._(
                        "Who records a consent is written by the system, and only "
                        "people on the portal decide there. Choose another way."
                    )
                )
        clean = self._without_defaults({"recorded_by_id", "method"})
        return super(Consent, clean).create(
            [{"recorded_by_id": self.env.uid, **vals} for vals in vals_list]
        )

    @api.model
    def _get_current(self, file):
        """Return ``{purpose: latest line}`` of ``file``; nothing if undecided."""
        current = {}
        for line in self.search([("beneficiary_id", "=", file.id)]):
            current.setdefault(line.purpose, line)
        return current

    @api.model
    def _is_given(self, file, purpose):
        """Whether the person of ``file`` consents to ``purpose`` now."""
        line = self._get_current(file).get(purpose)
        return bool(line) and line.decision == "given"

    # -- the portal --------------------------------------------------------------------

    @api.model
    def _portal_get_purposes(self, file):
        """Return what may be decided about the data of ``file``, for its page.

        :param file: as superuser, one that the acting user may decide about
        :return: list of dicts: ``code``, ``label``, ``text``, ``is_given`` and ``line``
        """
        texts = {
            "share": self.env._(
                "We may show your data to other bodies that can help you, such as "
                "another charity or a hospital."
            ),
            "publish": self.env._(
                "We may publish your photo or your story. Without it, nobody sees "
                "them outside the association."
            ),
            "contact": self.env._(
                "We may tell you of new services. You are always told about your own "
                "requests."
            ),
            "study": self.env._(
                "We may ask you questions for a study, and use your answers without "
                "your name."
            ),
        }
        current = self.sudo()._get_current(file)
        return [
            {
                "code": code,
                "label": self._get_label("purpose", code),
                "text": texts[code],
                "is_given": bool(line) and line.decision == "given",
                "line": line,
            }
            for code, _label in PURPOSES
            for line in [current.get(code)]
        ]

    @api.model
    def _portal_decide(self, file, purpose, is_given):
        """Record what the acting user decides; the same decision again changes nothing.

        :param file: as superuser, one that the acting user may decide about
        :param purpose: as it was sent
        :raise UserError: when there is no such purpose, or the user stands for nobody
        """
        if purpose not in dict(PURPOSES):
            raise UserError(self.env._("Choose what you decide about."))
        names = file._get_signers(self.env.user)
        if not names:
            raise UserError(self.env._("You may not decide this for this file."))
        consents = self.sudo()  # applicants have no right to write records
        if consents._is_given(file, purpose) != is_given:
            consents.create(
                {
                    "beneficiary_id": file.id,
                    "purpose": purpose,
                    "decision": "given" if is_given else "withdrawn",
                    "method": "portal",
                    "given_by": names[0],
                    "recorded_by_id": self.env.uid,
                }
            )
