from odoo import fields, models
from odoo.tools import SQL

from .compliance_request import STATE


class ComplianceImprovement(models.Model):
    """An improvement, and whether it ended with an outcome (R31, R50).

    The day is the day on which it ended, else the day on which it was due. An open one
    does not count before it is due.
    """

    _name = "beneficiary.compliance.improvement"
    _inherit = ["beneficiary.compliance.source.mixin"]
    _description = "Compliance of an Improvement"
    _auto = False
    _rec_name = "day"
    _compliance_source = "improvement"
    _compliance_record = "beneficiary.improvement"
    _compliance_facts = ("state", "says_outcome", "is_past")
    _has_moment = False
    _depends = {  # noqa: RUF012 - Odoo's own attribute
        "beneficiary.improvement": [
            "closed_on",
            "due_on",
            "outcome",
            "source",
            "state",
        ]
    }

    improvement_id = fields.Many2one("beneficiary.improvement", readonly=True)
    source = fields.Selection(
        selection=lambda self: (
            self.env["beneficiary.improvement"]
            ._fields["source"]
            ._description_selection(self.env)
        ),
        readonly=True,
    )
    state = fields.Selection(
        selection=lambda self: (
            self.env["beneficiary.improvement"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        readonly=True,
    )
    due_on = fields.Date(string="Due", readonly=True)
    closed_on = fields.Date(string="Ended On", readonly=True)
    improvement_ended = fields.Selection(
        STATE, string="Ended With an Outcome", readonly=True
    )

    def _get_record(self):
        return self.improvement_id

    def _get_facts(self, at_once=False):
        day = SQL("COALESCE(improvement.closed_on, improvement.due_on)")
        return SQL(
            """
            SELECT improvement.id, improvement.id AS improvement_id,
                   improvement.company_id, improvement.source, improvement.state,
                   improvement.due_on, improvement.closed_on,
                   improvement.due_on < association.today AS is_past,
                   %(says)s AS says_outcome,
                   %(day)s AS day, NULL::timestamp AS moment, %(origin)s AS origin,
                   %(policy)s AS policy_id
              FROM beneficiary_improvement improvement
              JOIN association ON association.id = improvement.company_id
            """,
            says=self._says(SQL("improvement.outcome")),
            day=day,
            origin=self._get_origin_of_day(day),
            policy=self._get_policy_on(day),
        )

    def _get_clauses(self):
        ended = SQL("fact.state != 'open'")
        return {
            "improvement_ended": self._judge(
                SQL("%s OR fact.is_past", ended), SQL("%s AND fact.says_outcome", ended)
            )
        }
