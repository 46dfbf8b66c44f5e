from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...rules import compliance
from .compliance import SOURCES, USE


class ComplianceLine(models.TransientModel):
    """A line of the compliance page: a clause, its figure, and how it stands (R50).

    :Who may: only the page makes lines; managers and auditors of the association read
        them.
    """

    _name = "beneficiary.compliance.line"
    _inherit = ["beneficiary.mixin"]
    _description = "Line of the Compliance Page"
    _order = "page_id, sequence, id"
    _check_company_auto = True

    page_id = fields.Many2one(
        "beneficiary.compliance", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="page_id.company_id", store=True, precompute=True
    )
    sequence = fields.Integer(aggregator=None)
    is_title = fields.Boolean()
    section = fields.Char()
    code = fields.Char()
    source = fields.Char()
    channel_id = fields.Many2one("beneficiary.channel")
    name = fields.Char(string="Clause", required=True)
    is_counted = fields.Boolean()
    kept = fields.Integer(string="In How Many Cases", aggregator=None)
    total = fields.Integer(string="Out Of", aggregator=None)
    before_kept = fields.Integer(string="Kept Before", aggregator=None)
    before_total = fields.Integer(string="Out Of, Before", aggregator=None)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        aggregator=None, help="Of the transfers that the line counts."
    )
    before_amount = fields.Monetary(string="Amount Before", aggregator=None)
    has_amount = fields.Boolean(compute="_compute_has_amount")
    share = fields.Float(string="Share in %", digits=(16, 1), aggregator=None)
    has_share = fields.Boolean()
    trend = fields.Float(
        string="Change",
        digits=(16, 1),
        aggregator=None,
        help="Against the period before: points of the share, or the number of cases.",
    )
    has_trend = fields.Boolean()
    state = fields.Selection(
        [
            (compliance.KEPT, "Kept"),
            (compliance.BROKEN, "Not Kept"),
            (compliance.ABSENT, "Not Applicable"),
            (compliance.NO_CASE, "No Case Yet"),
        ],
        string="Result",
    )

    @api.depends("source")
    def _compute_has_amount(self):
        for line in self:
            model = SOURCES.get(line.source)
            line.has_amount = bool(model and self.env[model]._compliance_amount)

    def action_open_kept(self):
        """Open the records that keep the clause."""
        return self._open_rows(compliance.KEPT)

    def action_open_broken(self):
        """Open the records that do not keep the clause."""
        return self._open_rows(compliance.BROKEN)

    def _open_rows(self, mark):
        """Return the action with exactly the rows that the figure counts.

        :raise AccessError: unless the acting user may read such rows
        """
        self.ensure_one()
        self.check_access("read")
        self.page_id._check_reader()
        model = USE if self.source == "use" else SOURCES.get(self.source)
        if not model:
            raise UserError(self.env._("There are no records behind this line."))
        self.env[model].check_access("read")
        domain = self.page_id._get_line_domain(self.env[model])
        if self.section == "apart":
            domain &= Domain("origin", "=", self.code)
        else:
            domain &= Domain("origin", "=", compliance.LIVED)
        if self.channel_id:
            domain &= Domain("channel_id", "=", self.channel_id.id)
        elif self.section != "apart":
            domain &= Domain(self.code, "=", mark)
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": model,
            "views": [(False, "list")],
            "domain": list(domain),
        }

    # -- paper -------------------------------------------------------------------------

    def _get_figure_text(self, kept, total):
        """Return a figure in words; empty where the clause does not apply."""
        self.ensure_one()
        if self.state == compliance.ABSENT:
            return ""
        if self.is_counted:
            return str(kept)
        return self.env._("%(kept)s of %(total)s", kept=kept, total=total)

    def _get_amount_text(self, amount):
        """Return the amount of the transfers of a line; empty for other lines."""
        self.ensure_one()
        return self.currency_id.format(amount) if self.has_amount else ""

    def _get_share_text(self):
        self.ensure_one()
        return f"{self.share:.1f}%" if self.has_share else ""

    def _get_trend_text(self):
        self.ensure_one()
        if not self.has_trend:
            return ""
        return f"{self.trend:+.0f}" if self.is_counted else f"{self.trend:+.1f}"
