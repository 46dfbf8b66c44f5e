from odoo import api, models
from odoo.exceptions import AccessError

from ...rules import flow
from .home_line import OVERSEERS

STEPS = (
    "days_to_verify",
    "days_to_declare",
    "days_to_raise",
    "days_to_decide",
    "days_held",
    "days_to_register",
    "days_to_deliver",
)
SINCE = "today -12m"
MOST = 12


class HomeFigures(models.AbstractModel):
    """The figures of the first screen, for those who answer for the association.

    They are read with the rights of the manager or auditor. None is about an officer
    (R30), and none about a decision whose reply has not left (R21).
    """

    _inherit = "beneficiary.home"

    @api.model
    @api.readonly
    def get_figures(self):
        """Return the figures of the last twelve months, and of the present.

        :return: dict of lists of rows; each row has a label, a text and a share from 0
            to 100, by which its bar is drawn
        :raise AccessError: when the user is neither manager nor auditor
        """
        user = self.env.user
        if not any(
            user.has_group(f"beneficiary_relations.{name}") for name in OVERSEERS
        ):
            raise AccessError(self.env._("Only managers read these figures."))
        return {
            "steps": self._get_steps(),
            "replies": self._get_replies(),
            "satisfaction": self._get_satisfaction(),
            "teams": self._get_teams(),
            "budgets": self._get_budgets(),
        }

    @api.model
    def _get_steps(self):
        """Return how many days each step took on average."""
        report = self.env["beneficiary.request.report"]
        [found] = report._read_group(
            [("submitted_on", ">=", SINCE), ("origin", "=", "lived")],
            [],
            [f"{name}:{function}" for name in STEPS for function in ("count", "avg")],
        )
        # Odoo's average of nothing is zero.
        days = {
            name: average
            for name, count, average in zip(STEPS, found[::2], found[1::2], strict=True)
            if count
        }
        most = max(days.values(), default=0)
        labels = report.fields_get(STEPS, ["string"])
        return [
            {
                "label": labels[name]["string"],
                "text": f"{number:.1f}",
                "share": round(100 * number / most) if most else 0,
            }
            for name, number in days.items()
        ]

    @api.model
    def _get_replies(self):
        """Return how many replies left early, in the window and late."""
        report = self.env["beneficiary.request.report"]
        counts = dict(
            report._read_group(
                [
                    ("released_on", ">=", SINCE),
                    ("origin", "=", "lived"),
                    ("timeliness", "!=", False),
                ],
                ["timeliness"],
                ["__count"],
            )
        )
        labels = report._fields["timeliness"]._description_selection(self.env)
        return self._as_shares([(label, counts.get(key, 0)) for key, label in labels])

    @api.model
    def _get_satisfaction(self):
        """Return the share of satisfied people, where there are enough answers."""
        overall = self.env._("Overall")
        rows = self.env["beneficiary.satisfaction"].search(
            [("company_id", "=", self.env.company.id), ("service_id", "=", False)]
        )
        return [
            {
                "label": row._get_label("about") if row.about else overall,
                "text": (
                    f"{round(row.rate * 100)}% ({row.interval})"
                    if row.is_shown
                    else row.interval
                ),
                "share": round(row.rate * 100),
            }
            for row in rows
        ]

    @api.model
    def _get_teams(self):
        """Return the open requests by branch: the work of teams, not of persons."""
        groups = self.env["beneficiary.request"]._read_group(
            [("state", "not in", sorted(flow.CLOSED))],
            ["branch_id"],
            ["__count"],
            order="__count DESC",
            limit=MOST,
        )
        return self._as_shares(
            [
                (branch.display_name or self.env._("Head Office"), count)
                for branch, count in groups
            ]
        )

    @api.model
    def _get_budgets(self):
        """Return how much of each present budget was granted."""
        budgets = self.env["beneficiary.service.budget"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("date_from", "<=", self.env.company._get_beneficiary_today()),
                ("date_to", ">=", self.env.company._get_beneficiary_today()),
            ],
            limit=MOST,
        )
        return [
            {
                "label": budget.service_id.display_name,
                "text": self.env._(
                    "%(spent)s of %(budget)s",
                    spent=budget.currency_id.format(budget.spent),
                    budget=budget.currency_id.format(budget.amount),
                ),
                "share": min(100, round(100 * budget.spent / budget.amount)),
            }
            for budget in budgets
        ]

    @api.model
    def _as_shares(self, counts):
        """Return rows for these pairs of label and count, with each one's share."""
        total = sum(count for _label, count in counts)
        return [
            {
                "label": label,
                "text": str(count),
                "share": round(100 * count / total) if total else 0,
            }
            for label, count in counts
        ]
