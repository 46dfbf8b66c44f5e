from odoo import api, fields, models

# What stands on the pages of the form, and what is pending there: the model, and which
# of its records count.
LINES = {
    "appeal_count": ("beneficiary.appeal", []),
    "answer_count": ("beneficiary.request.answer", []),
    "interaction_count": ("beneficiary.interaction", []),
    "referral_count": ("beneficiary.referral", []),
    "delivery_count": ("beneficiary.delivery", []),
    "notice_count": ("beneficiary.notice", []),
    "pending_notice_count": (
        "beneficiary.notice",
        [("state", "in", ("waiting", "failed"))],
    ),
}


class RequestPages(models.Model):
    """How much stands on the pages of the form, which are read when they are opened.

    A page without lines is not shown. All are counted in one query, as far as the
    acting user may read them.
    """

    _inherit = "beneficiary.request"

    appeal_count = fields.Integer(compute="_compute_line_counts")
    answer_count = fields.Integer(compute="_compute_line_counts")
    interaction_count = fields.Integer(compute="_compute_line_counts")
    referral_count = fields.Integer(compute="_compute_line_counts")
    delivery_count = fields.Integer(compute="_compute_line_counts")
    notice_count = fields.Integer(compute="_compute_line_counts")
    pending_notice_count = fields.Integer(compute="_compute_line_counts")
    verification_count = fields.Integer(compute="_compute_line_counts")

    @api.depends("beneficiary_id")
    @api.depends_context("uid")
    def _compute_line_counts(self):
        files = self.beneficiary_id._origin
        counts = self._count_lines(
            {
                "verification_count": (
                    "beneficiary.verification",
                    "beneficiary_id",
                    files.ids,  # what was verified stands in the file
                    [],
                ),
                **{
                    name: (model, "request_id", self._origin.ids, domain)
                    for name, (model, domain) in LINES.items()
                },
            }
        )
        of_files = counts.pop("verification_count")
        for request in self:
            for name, numbers in counts.items():
                request[name] = numbers.get(request._origin.id, 0)
            file = request.beneficiary_id._origin
            request.verification_count = of_files.get(file.id, 0)
