from odoo import api, fields, models
from odoo.tools import ormcache

RESTRICTIONS = [
    ("none", "All Who Read the File"),
    ("health", "Those Who Read Health Data"),
    ("finance", "Those Who Read Income and Bank Data"),
]


class DocumentType(models.Model):
    """A kind of paper: what an acceptable paper needs, and who reads such papers.

    A paper is checked against its kind when it is matched, and when a request is
    verified. An incomplete paper may be kept until then.

    Kinds without a company are shared. Managers edit kinds; all staff read them.
    """

    _name = "beneficiary.document.type"
    _inherit = [
        "beneficiary.archive.mixin",
        "beneficiary.catalogue.mixin",
        "beneficiary.mixin",
    ]
    _description = "Kind of Document"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        copy=False, help="A short name that imports and other systems use."
    )
    sequence = fields.Integer(default=10)
    sides = fields.Selection(
        [("front", "Front Only"), ("both", "Front and Back")],
        string="Sides to Upload",
        required=True,
        default="front",
    )
    needs_number = fields.Boolean(string="Number Required")
    needs_issue_date = fields.Boolean(string="Issue Date Required")
    needs_expiry = fields.Boolean(string="Expiry Date Required")
    valid_days = fields.Integer(
        string="Valid for (days)",
        help="Days of validity from the date of issue, which is then required; 0 when "
        "it has no such limit.",
        aggregator="avg",
    )
    restriction = fields.Selection(
        RESTRICTIONS, string="Read By", required=True, default="none"
    )
    identity_proof = fields.Selection(
        [
            ("card", "Is an Identity Card, a Permit or a Passport"),
            ("substitute", "Stands In for It"),
        ],
        string="Proof of Identity",
        help="A person whose identity is of the type “None” is not asked for a card, "
        "and gives one of the documents that stand in for it.",
    )
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "A kind of document with this code already exists.",
    )
    _valid_days_positive = models.Constraint(
        "CHECK (valid_days >= 0)", "Days of validity cannot be negative."
    )

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()  # see `_read_asked_parts`
        return result

    def _get_archive_problems(self):
        return self._get_open_request_problems(
            [("service_id.document_line_ids.type_id", "in", self.ids)]
        )

    @api.model
    def _get_substitutes(self, company):
        """Return the kinds of paper that stand in for an identity in ``company``."""
        return self.search(
            [
                ("identity_proof", "=", "substitute"),
                ("company_id", "in", [False, company.id]),
            ]
        )

    def _get_number_of_sides(self):
        self.ensure_one()
        return 2 if self.sides == "both" else 1

    def _get_asked_parts(self):
        """Return those of :data:`rules.paper.PARTS` that papers of this kind need."""
        return self._origin.sudo()._read_asked_parts()  # applicants read no kinds

    @ormcache("self.id")
    def _read_asked_parts(self):
        asked = {
            "front": True,
            "back": self.sides == "both",
            "number": self.needs_number,
            "issue_date": self.needs_issue_date or self.valid_days,
            "expiry_date": self.needs_expiry,
        }
        return frozenset(part for part, is_asked in asked.items() if is_asked)
