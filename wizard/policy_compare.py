from odoo import api, fields, models


class PolicyCompareForm(models.TransientModel):
    """Shows two versions of a policy side by side, on the screen and on paper (R49).

    :Who may: all staff, with the policies that they may read.
    """

    _name = "beneficiary.policy.compare"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Comparison of Two Policies"

    name = fields.Char(related="later_id.name", related_sudo=False)
    earlier_id = fields.Many2one(
        "beneficiary.policy", string="Earlier Version", required=True
    )
    later_id = fields.Many2one(
        "beneficiary.policy", string="Later Version", required=True
    )
    only_changes = fields.Boolean(default=True, string="Only What Differs")
    comparison = fields.Html(
        compute="_compute_comparison", compute_sudo=False, sanitize=False
    )

    @api.model
    def default_get(self, fields):
        """Propose the version that the later one superseded, else the one in force."""
        values = super().default_get(fields)
        later = self.env["beneficiary.policy"].browse(values.get("later_id")).exists()
        if later and "earlier_id" in fields and not values.get("earlier_id"):
            earlier = later.supersedes_id or later._get_in_force(
                later.company_id or self.env.company
            )
            values["earlier_id"] = (earlier - later).id
        return values

    @api.depends("earlier_id", "later_id", "only_changes")
    @api.depends_context("lang")
    def _compute_comparison(self):
        self._check_targets()
        for form in self:
            if not form.earlier_id or not form.later_id:
                form.comparison = False
                continue
            form.comparison = self.env["ir.qweb"]._render(
                "beneficiary_relations.policy_comparison",
                {"sections": form._get_sections()},
            )

    def _get_sections(self):
        """Return the sections to show: those that differ, or all of them."""
        sections = self.later_id._compare(self.earlier_id)
        if not self.only_changes:
            return sections
        return [
            {**section, "rows": [row for row in section["rows"] if row["words"]]}
            for section in sections
            if section["count"]
        ]

    def action_print(self):
        """Print the comparison as it is shown."""
        self.ensure_one()
        self.check_access("read")
        report = self.env.ref("beneficiary_relations.policy_comparison_action")
        return report.report_action(self)
