from odoo import api, fields, models
from odoo.tools import SQL

from ...rules.satisfaction import SATISFIED, measure


class Satisfaction(models.Model):
    """How satisfied people are: overall, by what was rated, and by service (R29, R30).

    Each row has the number of answers, the share of satisfied people and how sure that
    share is. With few answers there is no share. No row is about an officer.

    :Who may: managers and auditors read.
    """

    _name = "beneficiary.satisfaction"
    _inherit = ["beneficiary.mixin"]
    _description = "Satisfaction"
    _auto = False
    _order = "id"
    _rec_name = "about"
    _depends = {  # noqa: RUF012 - Odoo's own attribute
        "rating.rating": ["company_id", "consumed", "rated_on", "rating", "res_model"],
        "beneficiary.request": ["service_id"],
        "beneficiary.decision": ["outcome", "released_on", "request_id"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    about = fields.Selection(
        [
            ("accepted", "Delivered Requests"),
            ("rejected", "Refused Requests"),
            ("answer", "Answers"),
        ],
        readonly=True,
        help="Empty: all together.",
    )
    service_id = fields.Many2one(
        "beneficiary.service", readonly=True, help="Empty: all services together."
    )
    count = fields.Integer(string="Number of Answers", readonly=True, aggregator=None)
    satisfied = fields.Integer(readonly=True, aggregator=None, groups=fields.NO_ACCESS)
    is_shown = fields.Boolean(compute="_compute_rate", compute_sudo=True)
    rate = fields.Float(
        string="Share Satisfied", compute="_compute_rate", compute_sudo=True
    )
    interval = fields.Char(
        string="Truly Between",
        compute="_compute_rate",
        compute_sudo=True,
        help="Nineteen times out of twenty the true share lies between these two.",
    )

    @property
    def _table_query(self):
        """Count the answers of each group; a row's identifier follows from its group.

        The state of the request says how it ended: nobody sees a decision here whose
        reply has not left, because no such request can be rated (R21).
        """
        return SQL(
            """
            WITH answers AS (
                SELECT rating.company_id,
                       CASE WHEN rating.res_model = 'beneficiary.interaction'
                                 THEN 'answer'
                            ELSE decision.outcome END AS about,
                       request.service_id,
                       rating.rating
                  FROM rating_rating rating
             LEFT JOIN beneficiary_request request
                    ON request.id = rating.res_id
                   AND rating.res_model = 'beneficiary.request'
             LEFT JOIN LATERAL (
                       SELECT outcome
                         FROM beneficiary_decision
                        WHERE request_id = request.id
                          AND released_on <= rating.rated_on
                     ORDER BY id DESC LIMIT 1) decision ON TRUE
                 WHERE rating.consumed
                   AND rating.company_id IS NOT NULL
                   AND rating.res_model
                       IN ('beneficiary.request', 'beneficiary.interaction')
            )
            SELECT row_number() OVER (
                       ORDER BY company_id, about NULLS FIRST, service_id NULLS FIRST
                   ) AS id,
                   company_id, about, service_id,
                   count(*) AS count,
                   count(*) FILTER (WHERE rating >= %s) AS satisfied
              FROM answers
          GROUP BY GROUPING SETS
                   ((company_id), (company_id, about), (company_id, about, service_id))
            HAVING grouping(about) = 1
                OR (about IS NOT NULL
                    AND (grouping(service_id) = 1 OR service_id IS NOT NULL))
            """,
            SATISFIED,
        )

    @api.depends("count", "satisfied")
    @api.depends_context("lang")
    def _compute_rate(self):
        for row in self:
            found = measure(row.satisfied, row.count)
            row.is_shown = bool(found)
            row.rate = found.rate if found else 0
            row.interval = self._describe_interval(found)

    @api.model
    def _describe_interval(self, found):
        if not found:
            return self.env._("Too few answers to say")
        return self.env._(
            "%(low)s%% – %(high)s%%",
            low=round(found.low * 100),
            high=round(found.high * 100),
        )

    @api.model
    def _get_overall(self, company):
        """Return the satisfaction with ``company``, for a page that all may read.

        :return: :class:`rules.satisfaction.Satisfaction`; None with too few answers
        """
        overall = self.sudo().search(  # the figure names nobody
            [("company_id", "=", company.id), ("about", "=", False)], limit=1
        )
        return measure(overall.satisfied, overall.count)
