from odoo import fields, models


class BeneficiaryAttention(models.Model):
    """What of a person's requests waits for somebody, on top of the file (R20)."""

    _inherit = "beneficiary.beneficiary"

    attention = fields.Html(
        string="What Needs a Person",
        compute="_compute_attention",
        sanitize=False,
        groups="beneficiary_relations.group_delegate,"
        "beneficiary_relations.group_auditor",
    )

    def _compute_attention(self):
        notices = self.env["beneficiary.notice"].search(
            [
                ("request_id.beneficiary_id", "in", self.ids),
                ("state", "in", ("failed", "waiting")),
            ]
        )
        by_file = notices._get_pending().grouped("beneficiary_id")
        for file in self:
            pending = by_file.get(file._origin, notices.browse())
            file.attention = self._list_html(
                f"{notice.request_id.name}: {sentence}"
                for notice, sentence in zip(
                    pending, pending._describe_pending(), strict=True
                )
            )
