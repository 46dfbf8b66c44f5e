from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...rules import compliance
from ..mixins.refusal import Problem, refusal

READERS = "beneficiary_relations.group_manager,beneficiary_relations.group_auditor"
# The sources of ``rules.compliance.FIGURES``.
SOURCES = {
    "request": "beneficiary.compliance.request",
    "reply": "beneficiary.compliance.reply",
    "contact": "beneficiary.compliance.contact",
    "transfer": "beneficiary.compliance.transfer",
    "rating": "beneficiary.compliance.rating",
    "improvement": "beneficiary.compliance.improvement",
    "version": "beneficiary.compliance.version",
    "reading": "beneficiary.compliance.reading",
}
# The records that stand apart are counted here.
APART = "request"
USE = "beneficiary.compliance.use"


class Compliance(models.TransientModel):
    """The compliance page: the policy, clause by clause, with figures (R50).

    The figures are computed when the page is opened and whenever its period or its
    policy is changed, by one query for each source of records.

    :Who may: managers and auditors of the association.
    :Parts: a file each, beside this one
        ``compliance_line``: a line of the page, and the records behind it
        ``compliance_words``: the words of the lines, and the paper
        ``compliance_pack``: the evidence pack
    """

    _name = "beneficiary.compliance"
    _inherit = ["beneficiary.mixin"]
    _description = "Compliance with the Policy"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    period = fields.Selection(
        [
            (compliance.YEAR, "This Year"),
            (compliance.LAST_YEAR, "Last Year"),
            (compliance.MONTH, "This Month"),
            (compliance.OWN, "Own Dates"),
        ],
        required=True,
        default=compliance.YEAR,
    )
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="Until")
    policy_id = fields.Many2one(
        "beneficiary.policy",
        string="Policy Version",
        check_company=True,
        domain="[('company_id', '=', company_id), ('state', '!=', 'draft')]",
        context={"active_test": False},
        help="Empty: all versions. The clauses are then those of the version in force "
        "at the end of the period.",
    )
    computed_on = fields.Datetime(string="Figures Of", readonly=True)
    line_ids = fields.One2many(
        "beneficiary.compliance.line", "page_id", string="Figures", readonly=True
    )

    @api.depends("date_from", "date_to")
    def _compute_name(self):
        for page in self:
            page.name = f"{page.date_from} {page.date_to}"

    @api.depends_context("lang")
    def _compute_display_name(self):
        for page in self:
            page.display_name = self.env._("Compliance with the Policy")

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        pages = super().create([{**vals, "line_ids": False} for vals in vals_list])
        for page in pages:
            page._refresh()
        return pages

    def write(self, vals):
        result = super().write(vals)
        for page in self:
            page._refresh()
        return result

    def _write_page(self, vals):
        """Write what belongs to the figures, past :meth:`write`, which renews them."""
        return super().write(vals)

    # -- the figures -------------------------------------------------------------------

    def _get_period(self):
        """Return the chosen :class:`rules.compliance.Period`.

        :raise UserError: when one's own dates are missing or in the wrong order
        """
        self.ensure_one()
        is_whole = self.date_from and self.date_to and self.date_from <= self.date_to
        if self.period == compliance.OWN and not is_whole:
            sentence = self.env._("Give the first and the last day of the period.")
            raise refusal(Problem(sentence, self, "date_from", "date_to"))
        today = self.company_id._get_beneficiary_today()
        return compliance.get_period(self.period, today, self.date_from, self.date_to)

    def _get_clause_policy(self, period):
        """Return the version whose channels and steps the page goes through."""
        policies = self.env["beneficiary.policy"]
        return self.policy_id or policies._get_in_force_on(self.company_id, period.end)

    def _check_reader(self):
        """Raise unless the acting user may see the figures of the association."""
        if not self.env.su and not self.env.user.has_groups(READERS):
            raise AccessError(
                self.env._("Managers and auditors see the compliance page.")
            )
        if not self.env.su and self.company_id not in self.env.companies:
            raise AccessError(self.env._("You do not work for this association."))

    def _refresh(self):
        """Compute the lines of this page anew, as of now."""
        self.ensure_one()
        self._check_reader()
        period = self._get_period()
        page = self.sudo()  # lines are written by nobody; figures name nobody
        page.line_ids.unlink()
        page._write_page(
            {
                "date_from": period.start,
                "date_to": period.end,
                "computed_on": fields.Datetime.now(),
            }
        )
        policy = page._get_clause_policy(period)
        self.env["beneficiary.compliance.line"].sudo().create(
            [
                {"page_id": page.id, "sequence": sequence, **vals}
                for sequence, vals in enumerate(page._prepare_lines(period, policy))
            ]
        )

    def _measure(self, period):
        """Return figures and amounts of all sources, uses of channels, what is apart.

        See :meth:`beneficiary.compliance.source.mixin._measure`.
        """
        self.env.flush_all()
        found, amounts, uses, apart = {}, Counter(), Counter(), {}
        rows = self.env[USE]
        rows._prepare_reading(sorts=False)
        for source, model in SOURCES.items():
            figures, sums, used, others = self.env[model]._measure(
                self.company_id, period, self.policy_id
            )
            found.update(figures)
            amounts.update(sums)
            uses.update(used)
            if source == APART:
                apart = others
        rows._prepare_reading()
        return found, amounts, uses, apart

    def _prepare_lines(self, period, policy):
        """Return the values of all lines, in the order of the policy."""
        found, amounts, uses, apart = self._measure(period)
        steps = set(policy.step_ids.mapped("code")) if policy else None
        sections = {"channels": self._prepare_channels(policy, uses)}
        for figure in compliance.FIGURES:
            vals = self._prepare_figure(figure, found[figure.code], steps)
            vals |= {
                "amount": amounts[figure.code, True],
                "before_amount": amounts[figure.code, False],
            }
            sections.setdefault(figure.section, []).append(vals)
        sections["apart"] = [
            self._prepare_apart(origin, apart)
            for origin in (compliance.MIGRATED, compliance.BEFORE)
        ]
        titles = self._get_section_titles()
        names = self._get_figure_names(policy)
        lines = []
        for section, rows in sections.items():
            lines.append({"name": titles[section], "is_title": True})
            lines += [
                {"name": names.get(row["code"]), "section": section, **row}
                for row in rows
            ]
        return lines

    def _prepare_figure(self, figure, pairs, steps):
        now, before = pairs[True], pairs[False]
        share = compliance.get_share(figure, *now)
        trend = compliance.get_trend(figure, now, before)
        return {
            "code": figure.code,
            "source": figure.source,
            "is_counted": figure.is_counted,
            "kept": now[0],
            "total": now[1],
            "before_kept": before[0],
            "before_total": before[1],
            "share": share or 0,
            "has_share": share is not None,
            "trend": trend or 0,
            "has_trend": trend is not None,
            "state": compliance.get_state(figure, *now, steps),
        }

    def _prepare_channels(self, policy, uses):
        """Return a line for each channel of the policy, in its order (R4)."""
        rows = []
        for line in policy.channel_line_ids:
            figure = compliance.Figure("channel", "channels", "use", is_counted=True)
            counts = {
                is_now: uses[line.channel_id.id, is_now] for is_now in (True, False)
            }
            pairs = {is_now: (count, count) for is_now, count in counts.items()}
            rows.append(
                {
                    **self._prepare_figure(figure, pairs, None),
                    "name": line.display_name,
                    "channel_id": line.channel_id.id,
                }
            )
        return rows

    def _prepare_apart(self, origin, apart):
        figure = compliance.Figure(origin, "apart", APART, is_counted=True)
        counts = {is_now: apart[origin, is_now] for is_now in (True, False)}
        pairs = {is_now: (count, count) for is_now, count in counts.items()}
        return self._prepare_figure(figure, pairs, None)

    # -- actions -----------------------------------------------------------------------

    @api.model
    def action_open_page(self):
        """Open the page of this year."""
        page = self.create({})
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.compliance_action"
        )
        return {**action, "res_id": page.id}

    def action_refresh(self):
        """Compute the figures of the chosen period and policy."""
        self.ensure_one()
        self.check_access("write")
        self._refresh()
        return True

    def action_print(self):
        """Print the page as a paper of the association (R40)."""
        self.ensure_one()
        self.check_access("read")
        self._check_reader()
        return self.env.ref(
            "beneficiary_relations.compliance_report_action"
        ).report_action(self.ids, config=False)

    def _get_line_domain(self, rows):
        """Return the domain of those ``rows`` of a source that are of this period."""
        self.ensure_one()
        domain = Domain("company_id", "=", self.company_id.id)
        domain &= rows._get_days_domain(self.company_id, self.date_from, self.date_to)
        if self.policy_id:
            domain &= Domain("policy_id", "=", self.policy_id.id)
        return domain
