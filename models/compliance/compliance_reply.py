from odoo import fields, models
from odoo.tools import SQL

from .compliance_request import STATE


class ComplianceReply(models.Model):
    """A decision of the committee, and how its reply left (R20, R21, R42, R50).

    Each round of a request has its own decision and its own dates. The day is the day
    on which the reply left or, while it is owed, the day on which it was due.
    """

    _name = "beneficiary.compliance.reply"
    _inherit = ["beneficiary.compliance.source.mixin"]
    _description = "Compliance of a Reply"
    _auto = False
    _rec_name = "request_id"
    _compliance_source = "reply"
    _compliance_record = "beneficiary.decision"
    _compliance_facts = (
        "outcome",
        "has_left",
        "is_bound",
        "is_early",
        "is_late",
        "says_early",
        "says_why",
        "is_by_others",
    )
    _depends = {  # noqa: RUF012 - Odoo's own attribute
        "beneficiary.decision": [
            "appeal_id",
            "early_release_reason",
            "outcome",
            "reason",
            "rejection_words",
            "released_on",
            "reply_due_on",
            "review_floor_on",
            "round",
            "state",
        ],
        "beneficiary.request": ["origin", "policy_id", "submitted_on"],
        "beneficiary.vote": ["choice", "user_id"],
    }

    request_id = fields.Many2one("beneficiary.request", readonly=True)
    round = fields.Integer(readonly=True, aggregator=None)
    outcome = fields.Selection(
        [("accepted", "Accepted"), ("rejected", "Rejected")], readonly=True
    )
    review_floor_on = fields.Datetime(string="Reply Not Before", readonly=True)
    reply_due_on = fields.Datetime(string="Reply Due", readonly=True)
    released_on = fields.Datetime(string="Reply Left On", readonly=True)
    early_release_reason = fields.Text(readonly=True)
    in_window = fields.Selection(STATE, string="In Its Period", readonly=True)
    early_reason = fields.Selection(STATE, string="Early, With Reason", readonly=True)
    rejection_reason = fields.Selection(
        STATE, string="Rejected With Reason", readonly=True
    )
    appeal_others = fields.Selection(
        STATE, string="Appeal Studied by Others", readonly=True
    )

    def _get_record(self):
        return self.request_id

    def _get_facts(self, at_once=False):
        # The outcome of a decision is told once its reply has left (R21).
        moment = SQL("COALESCE(decision.released_on, decision.reply_due_on)")
        others = SQL(
            """NOT EXISTS (
                SELECT FROM beneficiary_vote vote
                  JOIN beneficiary_vote former ON former.user_id = vote.user_id
                 WHERE vote.decision_id = decision.id
                   AND former.decision_id = appeal.decision_id
                   AND vote.choice IN ('accept', 'reject', 'abstain')
                   AND former.choice IN ('accept', 'reject', 'abstain'))"""
        )
        return SQL(
            """
            SELECT decision.id, decision.request_id, request.company_id,
                   request.policy_id, decision.round, decision.review_floor_on,
                   decision.reply_due_on, decision.released_on,
                   decision.early_release_reason, appeal.decision_id AS appealed_id,
                   CASE WHEN decision.released_on IS NOT NULL
                        THEN decision.outcome END AS outcome,
                   decision.released_on IS NOT NULL AS has_left,
                   decision.review_floor_on IS NOT NULL
                       OR decision.reply_due_on IS NOT NULL AS is_bound,
                   decision.released_on < decision.review_floor_on AS is_early,
                   COALESCE(decision.released_on, %(now)s::timestamp)
                       > decision.reply_due_on AS is_late,
                   %(says_early)s AS says_early, %(says_why)s AS says_why,
                   CASE WHEN decision.appeal_id IS NOT NULL
                             AND decision.released_on IS NOT NULL
                        THEN %(others)s END AS is_by_others,
                   %(moment)s AS moment, %(day)s AS day, %(origin)s AS origin
              FROM beneficiary_decision decision
              JOIN beneficiary_request request ON request.id = decision.request_id
              JOIN association ON association.id = request.company_id
         LEFT JOIN beneficiary_appeal appeal ON appeal.id = decision.appeal_id
             WHERE decision.state != 'withdrawn'
            """,
            now=fields.Datetime.now(),
            says_early=self._says(SQL("decision.early_release_reason")),
            says_why=self._get_why(),
            others=others,
            moment=moment,
            day=self._get_day(moment),
            origin=self._get_origin(
                SQL("request.submitted_on"), SQL("request.origin = 'migrated'")
            ),
        )

    def _get_clauses(self):
        left = SQL("fact.has_left")
        late = SQL("fact.is_late IS TRUE")
        return {
            "in_window": self._judge(
                SQL("%s AND fact.is_bound OR NOT %s AND %s", left, left, late),
                SQL("%s AND NOT (%s) AND fact.is_early IS NOT TRUE", left, late),
            ),
            "early_reason": self._judge(SQL("fact.is_early"), SQL("fact.says_early")),
            "rejection_reason": self._judge(
                SQL("fact.outcome = 'rejected'"), SQL("fact.says_why")
            ),
            "appeal_others": self._judge(
                SQL("fact.is_by_others IS NOT NULL"), SQL("fact.is_by_others")
            ),
        }

    def _get_why(self):
        """Return the SQL of whether the applicant can read why it was rejected."""
        return SQL(
            "(%s OR %s)",
            self._says(SQL("decision.reason")),
            self._says(SQL("decision.rejection_words")),
        )
