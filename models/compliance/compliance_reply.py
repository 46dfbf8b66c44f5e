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

    def _get_rows(self):
        # The outcome of a decision is told once its reply has left (R21).
        moment = SQL("COALESCE(decision.released_on, decision.reply_due_on)")
        submitted = SQL("request.submitted_on")
        now = fields.Datetime.now()
        left = SQL("decision.released_on IS NOT NULL")
        bound = SQL(
            "COALESCE(decision.review_floor_on, decision.reply_due_on) IS NOT NULL"
        )
        late = SQL(
            "decision.released_on IS NULL AND decision.reply_due_on < %s::timestamp",
            now,
        )
        timely = SQL(
            "%s AND decision.released_on BETWEEN"
            " COALESCE(decision.review_floor_on, '-infinity')"
            " AND COALESCE(decision.reply_due_on, 'infinity')",
            left,
        )
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
                   CASE WHEN %(left)s THEN decision.outcome END AS outcome,
                   %(says_early)s AS says_early, %(says_why)s AS says_why,
                   %(moment)s AS moment, %(day)s AS day, %(origin)s AS origin,
                   %(in_window)s AS in_window, %(early_reason)s AS early_reason,
                   %(rejection_reason)s AS rejection_reason,
                   %(appeal_others)s AS appeal_others
              FROM beneficiary_decision decision
              JOIN beneficiary_request request ON request.id = decision.request_id
              JOIN association ON association.id = request.company_id
         LEFT JOIN beneficiary_appeal appeal ON appeal.id = decision.appeal_id
             WHERE decision.state != 'withdrawn'
            """,
            left=left,
            says_early=self._says(SQL("decision.early_release_reason")),
            says_why=self._get_why(),
            moment=moment,
            day=self._get_day(moment),
            origin=self._get_origin(submitted, SQL("request.origin = 'migrated'")),
            in_window=self._judge(
                SQL("(%s AND %s) OR (%s)", left, bound, late), timely
            ),
            early_reason=self._judge(
                SQL("decision.released_on < decision.review_floor_on"),
                self._says(SQL("decision.early_release_reason")),
            ),
            rejection_reason=self._judge(
                SQL("%s AND decision.outcome = 'rejected'", left), self._get_why()
            ),
            appeal_others=self._judge(
                SQL("%s AND decision.appeal_id IS NOT NULL", left), others
            ),
        )

    def _get_why(self):
        """Return the SQL of whether the applicant can read why it was rejected."""
        return SQL(
            "(%s OR %s)",
            self._says(SQL("decision.reason")),
            self._says(SQL("decision.rejection_words")),
        )
