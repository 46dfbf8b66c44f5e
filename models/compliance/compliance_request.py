from odoo import fields, models
from odoo.tools import SQL

from ...rules import compliance

STATE = [("kept", "Kept"), ("broken", "Not Kept")]
# States of a request that reached its committee: what comes before it is done.
STUDIED = (
    "in_review",
    "decided",
    "accepted",
    "rejected",
    "registered",
    "delivered",
    "closed",
)


class ComplianceRequest(models.Model):
    """A submitted request, and what the evidence of its steps says (R10, R50).

    The steps of the valid round count: each step that is not void, the latest of its
    kind. The day is the day of submission. The outcome shows once the reply has left
    (R21).
    """

    _name = "beneficiary.compliance.request"
    _inherit = ["beneficiary.compliance.source.mixin"]
    _description = "Compliance of a Request"
    _auto = False
    _rec_name = "request_id"
    _compliance_source = "request"
    _compliance_record = "beneficiary.request"
    _compliance_facts = (
        "policy_id",
        "state",
        "step_count",
        "has_evidence",
        "is_named",
        "is_accepted",
        "is_studied",
        "is_referred",
        "is_asked",
        "is_rated",
        "is_to_ask",
        "is_timed",
        "is_noticed",
        "is_wrong",
        "is_close",
        "is_explained",
        *(f"has_{code}" for code in compliance.STEPS),
    )
    _depends = {  # noqa: RUF012 - Odoo's own attribute
        "beneficiary.request": [
            "beneficiary_id",
            "channel_id",
            "origin",
            "policy_id",
            "raised_on",
            "round",
            "state",
            "submitted_on",
        ],
        "beneficiary.request.step": [
            "code",
            "doer_id",
            "done_on",
            "evidence",
            "minutes",
            "void_reason",
            "voided_on",
        ],
        "beneficiary.decision": ["outcome", "released_on", "round", "state"],
    }

    request_id = fields.Many2one("beneficiary.request", readonly=True)
    channel_id = fields.Many2one("beneficiary.channel", readonly=True)
    state = fields.Selection(
        selection=lambda self: (
            self.env["beneficiary.request"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        readonly=True,
    )
    round = fields.Integer(readonly=True, aggregator=None)
    outcome = fields.Selection(
        [("accepted", "Accepted"), ("rejected", "Rejected")], readonly=True
    )
    submitted_on = fields.Datetime(readonly=True)
    raised_on = fields.Datetime(readonly=True)
    receive_on = fields.Datetime(string="Received On", readonly=True)
    verify_on = fields.Datetime(string="Verified On", readonly=True)
    refer_on = fields.Datetime(string="Referral Answered On", readonly=True)
    declare_on = fields.Datetime(string="Declared On", readonly=True)
    notify_on = fields.Datetime(string="Notice Given On", readonly=True)
    register_on = fields.Datetime(string="Registered On", readonly=True)
    deliver_on = fields.Datetime(string="Delivered On", readonly=True)

    step_receive = fields.Selection(STATE, string="Reception", readonly=True)
    step_verify = fields.Selection(STATE, string="Verification", readonly=True)
    step_refer = fields.Selection(STATE, string="Referral", readonly=True)
    step_declare = fields.Selection(STATE, string="Declaration", readonly=True)
    step_notify = fields.Selection(STATE, string="Notice", readonly=True)
    step_register = fields.Selection(STATE, string="Registration", readonly=True)
    step_deliver = fields.Selection(STATE, string="Delivery", readonly=True)
    time_given = fields.Selection(STATE, string="Time Was Given", readonly=True)
    notice_first = fields.Selection(
        STATE, string="Notice Before the Committee", readonly=True
    )
    in_order = fields.Selection(STATE, string="Steps in Order", readonly=True)
    with_evidence = fields.Selection(STATE, readonly=True)
    by_person = fields.Selection(STATE, string="By a Named Person", readonly=True)
    apart_in_time = fields.Selection(
        STATE,
        string="A Minute Apart",
        readonly=True,
        help="Not kept: two steps were written within a minute of each other.",
    )
    void_reason = fields.Selection(STATE, string="Void With Reason", readonly=True)
    rating_asked = fields.Selection(STATE, string="Rating Asked For", readonly=True)
    rating_given = fields.Selection(STATE, string="Was Rated", readonly=True)

    def _get_record(self):
        return self.request_id

    def _get_steps(self, at_once):
        """Return the SQL that joins a request with what its valid steps come to.

        :param at_once: whether the steps of all requests are grouped, or those of each
            row are looked up
        """
        columns = [
            SQL(
                "max(done_on) FILTER (WHERE code = %s) AS %s",
                code,
                SQL.identifier(f"{code}_on"),
            )
            for code in compliance.STEPS
        ] + [
            SQL("count(*) AS valid_count"),
            SQL("bool_and(doer_id != 1) AS is_named"),
            SQL("max(minutes) FILTER (WHERE code = 'receive') AS minutes"),
            SQL("count(*) FILTER (WHERE code = 'refer') AS refer_count"),
        ]
        template = (
            """LEFT JOIN (
                SELECT request_id, %(columns)s
                  FROM beneficiary_request_step
                 WHERE voided_on IS NULL
              GROUP BY request_id) step ON step.request_id = request.id"""
            if at_once
            else """LEFT JOIN LATERAL (
                SELECT %(columns)s
                  FROM beneficiary_request_step
                 WHERE voided_on IS NULL AND request_id = request.id
                HAVING count(*) > 0) step ON TRUE"""
        )
        return SQL(template, columns=SQL(", ").join(columns))

    def _get_tables(self):
        """Return common tables: what policies ask for, and the exceptions.

        The few steps that are void, or say nothing, have indexes of their own.
        """
        clauses = [
            SQL("bool_or(code = %s) AS %s", code, SQL.identifier(code))
            for code in compliance.STEPS
        ]
        return SQL(
            """, clause AS (
                SELECT policy_id, %(clauses)s
                  FROM beneficiary_policy_step GROUP BY policy_id
            ), silent AS (
                SELECT DISTINCT step.request_id
                  FROM beneficiary_request_step step
                 WHERE step.voided_on IS NULL AND step.code != 'declare'
                   AND NOT (%(evidence)s)
            ), void AS (
                SELECT step.request_id,
                       count(*) AS void_count,
                       count(*) FILTER (WHERE NOT (%(reason)s)) AS unexplained_count,
                       count(*) FILTER (WHERE step.code = 'refer') AS refer_count
                  FROM beneficiary_request_step step
                 WHERE step.voided_on IS NOT NULL
              GROUP BY step.request_id
            ), decision AS (
                SELECT request_id, round, outcome, released_on
                  FROM beneficiary_decision
                 WHERE state != 'withdrawn'
            ), referral AS (
                SELECT DISTINCT request_id FROM beneficiary_referral
                 WHERE state IN ('answered', 'declined')
            ), asked AS (
                SELECT DISTINCT request_id FROM beneficiary_notice
                 WHERE event = 'rating'
            ), unasked AS (
                SELECT id FROM beneficiary_beneficiary
                 WHERE state = 'deceased' OR kind IN ('group', 'place', 'animal')
            )""",
            clauses=SQL(", ").join(clauses),
            evidence=self._says(SQL("step.evidence")),
            reason=self._says(SQL("step.void_reason")),
        )

    def _get_left_before(self):
        """Return the SQL of when the last reply of an earlier round left."""
        return SQL(
            """CASE WHEN request.round > 1
                    THEN (SELECT max(former.released_on)
                            FROM beneficiary_decision former
                           WHERE former.request_id = request.id
                             AND former.round < request.round
                             AND former.state != 'withdrawn') END"""
        )

    def _get_noticed(self):
        """Return the SQL of the last notice that was not given after the raising.

        A request that comes back keeps its dates, and its void notice counts for them.
        """
        return SQL(
            """CASE WHEN step.notify_on <= request.raised_on THEN step.notify_on
                    WHEN void.void_count > 0
                    THEN (SELECT max(done_on) FROM beneficiary_request_step notice
                           WHERE notice.request_id = request.id
                             AND notice.code = 'notify'
                             AND notice.done_on <= request.raised_on) END"""
        )

    def _get_law(self):
        return SQL("LEFT JOIN clause ON clause.policy_id = fact.policy_id")

    def _get_clauses(self):
        reached = {
            "receive": SQL("TRUE"),
            "verify": SQL("fact.is_studied"),
            "refer": SQL("fact.is_referred"),
            "declare": SQL("fact.is_studied"),
            "notify": SQL("fact.is_studied"),
            "register": SQL(
                "fact.state IN ('registered', 'delivered', 'closed')"
                " AND fact.is_accepted"
            ),
            "deliver": SQL(
                "fact.state IN ('delivered', 'closed') AND fact.is_accepted"
            ),
        }
        clauses = {
            f"step_{code}": self._judge(
                SQL("%s AND clause.%s", reached[code], SQL.identifier(code)),
                SQL.identifier("fact", f"has_{code}"),
            )
            for code in compliance.STEPS
        }
        rated_or_asked = SQL("(fact.is_asked OR fact.is_rated)")
        return clauses | {
            "time_given": self._judge(
                SQL("clause.receive AND fact.has_receive"), SQL("fact.is_timed")
            ),
            "notice_first": self._judge(
                SQL("fact.is_studied AND clause.notify"),
                SQL("fact.has_notify AND fact.is_noticed"),
            ),
            "in_order": self._judge(
                SQL("fact.step_count > 1"), SQL("fact.is_wrong IS NOT TRUE")
            ),
            "with_evidence": self._judge(
                SQL("fact.step_count > 0"), SQL("fact.has_evidence")
            ),
            "by_person": self._judge(SQL("fact.step_count > 0"), SQL("fact.is_named")),
            "apart_in_time": self._judge(
                SQL("fact.step_count > 1"), SQL("fact.is_close IS NOT TRUE")
            ),
            "void_reason": self._judge(
                SQL("fact.is_explained IS NOT NULL"), SQL("fact.is_explained")
            ),
            "rating_asked": self._judge(
                SQL(
                    "fact.state IN ('delivered', 'closed') AND (fact.is_to_ask OR %s)",
                    rated_or_asked,
                ),
                rated_or_asked,
            ),
            "rating_given": SQL("CASE WHEN fact.is_rated THEN 'kept' END"),
        }

    def _get_facts(self, at_once=False):
        submitted = SQL("request.submitted_on")
        wrong, close = self._get_order()
        moments = [
            SQL("step.%s", SQL.identifier(f"{code}_on")) for code in compliance.STEPS
        ]
        # A return voids the step, and the answer of the researcher stays.
        taken = [
            SQL(
                "step.%s IS NOT NULL AS %s",
                SQL.identifier(f"{code}_on"),
                SQL.identifier(f"has_{code}"),
            )
            for code in compliance.ORDERED
        ] + [SQL("(step.refer_count > 0 OR void.refer_count > 0) IS TRUE AS has_refer")]
        return SQL(
            """
            SELECT request.id, request.id AS request_id, request.company_id,
                   request.policy_id, request.channel_id, request.state,
                   request.round, request.submitted_on, request.raised_on,
                   CASE WHEN decision.released_on IS NOT NULL
                        THEN decision.outcome END AS outcome,
                   request.submitted_on AS moment,
                   %(day)s AS day, %(origin)s AS origin, step.minutes,
                   COALESCE(step.valid_count, 0 * void.void_count) AS valid_count,
                   COALESCE(void.void_count, 0 * step.valid_count) AS void_count,
                   COALESCE(step.refer_count + void.refer_count, step.refer_count,
                            void.refer_count) AS refer_count,
                   COALESCE(void.unexplained_count, 0 * step.valid_count)
                       AS unexplained_count,
                   CASE WHEN step.valid_count IS NOT NULL
                        THEN silent.request_id IS NULL END AS has_evidence,
                   step.is_named,
                   %(noticed)s AS noticed_on, %(left_before)s AS left_before,
                   LEAST(step.valid_count, 2) AS step_count,
                   request.state IN %(studied)s AS is_studied,
                   decision.outcome = 'accepted' AS is_accepted,
                   referral.request_id IS NOT NULL AS is_referred,
                   asked.request_id IS NOT NULL AS is_asked,
                   rating.res_id IS NOT NULL AS is_rated,
                   unasked.id IS NULL AS is_to_ask,
                   step.minutes > 0 AS is_timed,
                   %(noticed)s >= COALESCE(%(left_before)s, '-infinity') AS is_noticed,
                   (%(wrong)s) AS is_wrong, (%(close)s) AS is_close,
                   void.unexplained_count = 0 AS is_explained,
                   %(taken)s, %(moments)s
              FROM beneficiary_request request
              JOIN association ON association.id = request.company_id
              %(steps)s
         LEFT JOIN silent ON silent.request_id = request.id
         LEFT JOIN void ON void.request_id = request.id
         LEFT JOIN decision ON decision.request_id = request.id
                           AND decision.round = request.round
         LEFT JOIN referral ON referral.request_id = request.id
         LEFT JOIN asked ON asked.request_id = request.id
         LEFT JOIN unasked ON unasked.id = request.beneficiary_id
         LEFT JOIN rating_rating rating
                ON rating.res_id = request.id
               AND rating.res_model = 'beneficiary.request' AND rating.consumed
             WHERE request.submitted_on IS NOT NULL
            """,
            day=self._get_day(submitted),
            origin=self._get_origin(submitted, SQL("request.origin = 'migrated'")),
            noticed=self._get_noticed(),
            left_before=self._get_left_before(),
            studied=STUDIED,
            wrong=wrong,
            close=close,
            steps=self._get_steps(at_once),
            taken=SQL(", ").join(taken),
            moments=SQL(", ").join(moments),
        )
