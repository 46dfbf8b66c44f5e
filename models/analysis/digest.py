from odoo import fields, models
from odoo.exceptions import AccessError

from ...rules.satisfaction import MINIMUM

SATISFACTION = "kpi_beneficiary_satisfaction"


class Digest(models.Model):
    """The figures of an association that its managers get by e-mail each month.

    The digest belongs to no association: each manager gets the figures of their own.
    They are read with the manager's own rights, so those of another association and of
    colleagues without the role stay out (R43).
    """

    _inherit = "digest.digest"

    kpi_beneficiary_request = fields.Boolean("New Requests")
    kpi_beneficiary_request_value = fields.Integer(
        compute="_compute_kpi_beneficiary_request_value"
    )
    kpi_beneficiary_in_window = fields.Boolean("Replies in the Window")
    kpi_beneficiary_in_window_value = fields.Integer(
        compute="_compute_kpi_beneficiary_in_window_value"
    )
    kpi_beneficiary_overdue = fields.Boolean("Replies Overdue Today")
    kpi_beneficiary_overdue_value = fields.Integer(
        compute="_compute_kpi_beneficiary_overdue_value"
    )
    kpi_beneficiary_satisfaction = fields.Boolean("Satisfaction, From 1 to 5")
    kpi_beneficiary_satisfaction_value = fields.Float(
        compute="_compute_kpi_beneficiary_satisfaction_value"
    )
    kpi_beneficiary_delivered = fields.Boolean("Amount Delivered")
    kpi_beneficiary_delivered_value = fields.Monetary(
        compute="_compute_kpi_beneficiary_delivered_value"
    )

    def _check_beneficiary_manager(self):
        """Raise if the acting user is no manager: Odoo then leaves the figure out."""
        if not self.env.user.has_group("beneficiary_relations.group_manager"):
            raise AccessError(self.env._("Only managers read these figures."))

    def _compute_kpi_beneficiary_request_value(self):
        self._check_beneficiary_manager()
        self._calculate_company_based_kpi(
            "beneficiary.request",
            "kpi_beneficiary_request_value",
            date_field="submitted_on",
        )

    def _compute_kpi_beneficiary_in_window_value(self):
        self._check_beneficiary_manager()
        self._calculate_company_based_kpi(
            "beneficiary.request.report",
            "kpi_beneficiary_in_window_value",
            date_field="released_on",
            additional_domain=[("timeliness", "=", "in_window")],
        )

    def _compute_kpi_beneficiary_overdue_value(self):
        """Count what is overdue at this moment, whatever the period of the column."""
        self._check_beneficiary_manager()
        companies = self._get_kpi_compute_parameters()[2]
        counts = dict(
            self.env["beneficiary.request"]._read_group(
                [("company_id", "in", companies.ids), ("is_overdue", "=", True)],
                ["company_id"],
                ["__count"],
            )
        )
        for digest in self:
            company = digest.company_id or self.env.company
            digest.kpi_beneficiary_overdue_value = counts.get(company, 0)

    def _compute_kpi_beneficiary_satisfaction_value(self):
        """Average the ratings of the period; with too few of them there is none."""
        self._check_beneficiary_manager()
        start, end, companies = self._get_kpi_compute_parameters()
        found = {
            company: average
            for company, count, average in self.env["rating.rating"]._read_group(
                [
                    ("company_id", "in", companies.ids),
                    ("consumed", "=", True),
                    ("rated_on", ">=", start),
                    ("rated_on", "<", end),
                ],
                ["company_id"],
                ["__count", "rating:avg"],
            )
            if count >= MINIMUM
        }
        for digest in self:
            company = digest.company_id or self.env.company
            digest.kpi_beneficiary_satisfaction_value = found.get(company, 0)

    def _compute_kpi_beneficiary_delivered_value(self):
        self._check_beneficiary_manager()
        self._calculate_company_based_kpi(
            "beneficiary.delivery",
            "kpi_beneficiary_delivered_value",
            date_field="handed_on",
            additional_domain=[("state", "in", ("handed", "received"))],
            sum_field="amount_kept",
        )

    def _compute_kpis(self, company, user):
        """Say that there were too few answers, where Odoo would write a zero."""
        kpis = super()._compute_kpis(company, user)
        for kpi in kpis:
            if kpi["kpi_name"] != SATISFACTION:
                continue
            for column in ("kpi_col1", "kpi_col2", "kpi_col3"):
                # No rate is zero: they run from 1 to 5.
                if not float(kpi[column]["value"]):
                    kpi[column]["value"] = "–"
        return kpis

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        for name, action in (
            ("request", "request_analysis_action"),
            ("in_window", "request_analysis_action"),
            ("overdue", "request_action_due"),
            ("satisfaction", "satisfaction_action"),
            ("delivered", "delivery_action"),
        ):
            actions[f"kpi_beneficiary_{name}"] = f"beneficiary_relations.{action}"
        return actions
