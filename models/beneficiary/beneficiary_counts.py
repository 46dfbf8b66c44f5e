from odoo import api, fields, models
from odoo.fields import Domain

PAIRS = "beneficiary.duplicate"


class BeneficiaryCounts(models.Model):
    """The figures on top of a file: all are counted in one query.

    The acting user's rights count: who reads no interactions is told of none.
    """

    _inherit = "beneficiary.beneficiary"

    document_count = fields.Integer(compute="_compute_counts")
    request_count = fields.Integer(compute="_compute_counts")
    interaction_count = fields.Integer(compute="_compute_counts")

    @api.depends(
        "household_member_ids.active", "household_member_ids.birth_date", "company_id"
    )
    @api.depends_context("uid")
    def _compute_counts(self):
        members = self.env["beneficiary.household.member"]
        minors = Domain.OR(
            Domain("company_id", "=", company.id) & members._get_minor_domain(company)
            for company in self.company_id
        )
        proposed = Domain("state", "=", "proposed")
        lines = {
            "document_count": ("beneficiary.document", Domain.TRUE),
            "request_count": ("beneficiary.request", Domain.TRUE),
            "interaction_count": ("beneficiary.interaction", Domain.TRUE),
            "member_count": (members._name, Domain.TRUE),
            "minor_count": (members._name, minors),
            "open_change_count": ("beneficiary.change", proposed),
        }
        ids = self._origin.ids
        counts = self._count_lines(
            {
                **{
                    name: (model, "beneficiary_id", ids, domain)
                    for name, (model, domain) in lines.items()
                },
                # A pair is counted for both of its files.
                **{
                    name: (PAIRS, name, ids, [("state", "=", "to_review")])
                    for name in ("first_id", "second_id")
                },
            }
        )
        first, second = counts.pop("first_id"), counts.pop("second_id")
        for file in self:
            id_ = file._origin.id
            for name, numbers in counts.items():
                file[name] = numbers.get(id_, 0)
            file.duplicate_count = first.get(id_, 0) + second.get(id_, 0)
