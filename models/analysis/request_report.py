from odoo import fields, models
from odoo.tools import SQL

SECONDS_A_DAY = 86400.0
# The steps between which time is measured.
MEASURED = ("verify", "register", "deliver")


class RequestReport(models.Model):
    """A row for each request, to count and to compare: how long each step took.

    Outcome, amount granted and the days of the study appear once the reply has left,
    and for nobody before that (R21). No row names an officer (R30).

    :Who may: delegates read the rows of their branches; officers, managers and
        auditors those of the association.
    """

    _name = "beneficiary.request.report"
    _inherit = ["beneficiary.reading.mixin", "beneficiary.mixin"]
    _description = "Analysis of Requests"
    _auto = False
    _order = "id desc"
    _rec_name = "request_id"
    _depends = {  # noqa: RUF012 - Odoo's own attribute
        "beneficiary.request": [
            "amount_requested",
            "beneficiary_id",
            "branch_id",
            "channel_id",
            "committee_id",
            "company_id",
            "declaration_id",
            "origin",
            "raised_on",
            "reply_due_on",
            "review_floor_on",
            "round",
            "service_id",
            "state",
            "submitted_on",
        ],
        "beneficiary.request.step": ["code", "done_on", "request_id", "voided_on"],
        "beneficiary.declaration": ["signed_on", "voided_on"],
        "beneficiary.decision": [
            "amount_granted",
            "decided_on",
            "outcome",
            "released_on",
            "request_id",
            "round",
            "state",
        ],
    }

    request_id = fields.Many2one("beneficiary.request", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    beneficiary_id = fields.Many2one("beneficiary.beneficiary", readonly=True)
    category_ids = fields.Many2many(
        related="beneficiary_id.category_ids", string="Categories"
    )
    service_id = fields.Many2one("beneficiary.service", readonly=True)
    channel_id = fields.Many2one("beneficiary.channel", readonly=True)
    branch_id = fields.Many2one("beneficiary.branch", readonly=True)
    committee_id = fields.Many2one("beneficiary.committee", readonly=True)
    state = fields.Selection(
        selection=lambda self: self._get_request_selection("state"), readonly=True
    )
    origin = fields.Selection(
        selection=lambda self: self._get_request_selection("origin"), readonly=True
    )
    outcome = fields.Selection(
        [
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
            ("unanswered", "No Reply Yet"),
        ],
        readonly=True,
        help="Known once the reply has left.",
    )
    timeliness = fields.Selection(
        [
            ("early", "Before the Period Ended"),
            ("in_window", "In the Window"),
            ("late", "After It Was Due"),
        ],
        string="When the Reply Left",
        readonly=True,
    )
    submitted_on = fields.Datetime(readonly=True)
    raised_on = fields.Datetime(readonly=True)
    released_on = fields.Datetime(string="Reply Left On", readonly=True)
    amount_requested = fields.Monetary(readonly=True)
    amount_granted = fields.Monetary(readonly=True)
    days_to_verify = fields.Float(
        string="Days to Verify",
        readonly=True,
        aggregator="avg",
        help="From the reception to the verification.",
    )
    days_to_declare = fields.Float(
        string="Days to Declare",
        readonly=True,
        aggregator="avg",
        help="From the verification to the signature.",
    )
    days_to_raise = fields.Float(
        string="Days to Raise",
        readonly=True,
        aggregator="avg",
        help="From the signature to the committee.",
    )
    days_to_decide = fields.Float(
        string="Days to Decide",
        readonly=True,
        aggregator="avg",
        help="From the committee's notice to its decision.",
    )
    days_held = fields.Float(
        readonly=True, aggregator="avg", help="From the decision until the reply left."
    )
    days_to_register = fields.Float(
        string="Days to Register",
        readonly=True,
        aggregator="avg",
        help="From the reply to the registration.",
    )
    days_to_deliver = fields.Float(
        string="Days to Deliver",
        readonly=True,
        aggregator="avg",
        help="From the registration to the delivery.",
    )
    days_to_reply = fields.Float(
        string="Days to Reply",
        readonly=True,
        aggregator="avg",
        help="From the committee's notice until the reply left: the review period.",
    )
    days_in_all = fields.Float(
        string="Days in All",
        readonly=True,
        aggregator="avg",
        help="From the reception to the delivery.",
    )

    def _get_request_selection(self, name):
        requests = self.env["beneficiary.request"]
        return requests._fields[name]._description_selection(self.env)

    @property
    def _table_query(self):
        """Join each request with what it came to; a moment that is missing is empty.

        Joins whose columns a query does not ask for are dropped by PostgreSQL: each of
        them gives one row at most.
        """
        return SQL(
            """
            SELECT request.id,
                   request.id AS request_id,
                   request.company_id,
                   request.beneficiary_id,
                   request.service_id,
                   request.channel_id,
                   request.branch_id,
                   request.committee_id,
                   request.state,
                   request.origin,
                   request.submitted_on,
                   request.raised_on,
                   request.amount_requested,
                   decision.released_on,
                   COALESCE(decision.outcome, 'unanswered') AS outcome,
                   CASE WHEN decision.outcome = 'accepted'
                        THEN decision.amount_granted END AS amount_granted,
                   CASE WHEN decision.released_on < request.review_floor_on
                        THEN 'early'
                        WHEN decision.released_on > request.reply_due_on
                        THEN 'late'
                        WHEN decision.released_on >= request.review_floor_on
                        THEN 'in_window' END AS timeliness,
                   %(to_verify)s AS days_to_verify,
                   %(to_declare)s AS days_to_declare,
                   %(to_raise)s AS days_to_raise,
                   %(to_decide)s AS days_to_decide,
                   %(held)s AS days_held,
                   %(to_register)s AS days_to_register,
                   %(to_deliver)s AS days_to_deliver,
                   %(to_reply)s AS days_to_reply,
                   %(in_all)s AS days_in_all
              FROM beneficiary_request request
         LEFT JOIN beneficiary_decision decision
                ON decision.request_id = request.id
               AND decision.round = request.round
               AND decision.state = 'taken'
               AND decision.released_on IS NOT NULL
         LEFT JOIN beneficiary_declaration declaration
                ON declaration.id = request.declaration_id
               AND declaration.voided_on IS NULL
            %(steps)s
            """,
            steps=SQL(" ").join(map(self._get_step, MEASURED)),
            **{
                name: self._get_days(begin, end)
                for name, begin, end in (
                    ("to_verify", ("request", "submitted_on"), ("verify", "done_on")),
                    (
                        "to_declare",
                        ("verify", "done_on"),
                        ("declaration", "signed_on"),
                    ),
                    (
                        "to_raise",
                        ("declaration", "signed_on"),
                        ("request", "raised_on"),
                    ),
                    ("to_decide", ("request", "raised_on"), ("decision", "decided_on")),
                    ("held", ("decision", "decided_on"), ("decision", "released_on")),
                    (
                        "to_register",
                        ("decision", "released_on"),
                        ("register", "done_on"),
                    ),
                    ("to_deliver", ("register", "done_on"), ("deliver", "done_on")),
                    ("to_reply", ("request", "raised_on"), ("decision", "released_on")),
                    ("in_all", ("request", "submitted_on"), ("deliver", "done_on")),
                )
            },
        )

    def _get_step(self, code):
        """Return the SQL that joins when a step was done, under the name of the step.

        :param code: a step of :data:`MEASURED`
        """
        return SQL(
            """LEFT JOIN (
                   SELECT request_id, max(done_on) AS done_on
                     FROM beneficiary_request_step
                    WHERE voided_on IS NULL AND code = %(code)s
                 GROUP BY request_id
                   ) %(alias)s ON %(alias)s.request_id = request.id""",
            code=code,
            alias=SQL.identifier(code),
        )

    def _get_days(self, begin, end):
        """Return the days between two moments as SQL; empty if there is no such time.

        A request that came back keeps the moment at which it was first raised: what
        was done again is later than that, and took no measurable time before it.

        :param begin: alias and column of the first moment
        :param end: alias and column of the second one
        """
        return SQL(
            "CASE WHEN %(end)s >= %(begin)s"
            " THEN date_part('epoch', %(end)s - %(begin)s) / %(day)s END",
            begin=SQL.identifier(*begin),
            end=SQL.identifier(*end),
            day=SECONDS_A_DAY,
        )

    # -- actions -----------------------------------------------------------------------

    def action_open_record(self):
        """Open the request of this row."""
        self.ensure_one()
        self.check_access("read")
        return self.request_id.get_formview_action()
