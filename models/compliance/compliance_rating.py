from odoo import fields, models
from odoo.tools import SQL

from ...rules import satisfaction
from .compliance_request import STATE


class ComplianceRating(models.Model):
    """A rating: whether the person was satisfied (R29, R30, R50).

    :Who may: managers, like the ratings themselves; auditors see the figure only.
    """

    _name = "beneficiary.compliance.rating"
    _inherit = ["beneficiary.compliance.source.mixin"]
    _description = "Compliance of a Rating"
    _auto = False
    _rec_name = "day"
    _compliance_source = "rating"
    _compliance_record = "rating.rating"
    _compliance_facts = ("rating",)
    _depends = {  # noqa: RUF012 - Odoo's own attribute
        "rating.rating": ["company_id", "consumed", "rated_on", "rating", "res_model"]
    }

    rating_id = fields.Many2one("rating.rating", readonly=True)
    satisfied = fields.Selection(STATE, readonly=True)

    def _get_record(self):
        return self.rating_id

    def _get_facts(self, at_once=False):
        day = self._get_day(SQL("rating.rated_on"))
        return SQL(
            """
            SELECT rating.id, rating.id AS rating_id, rating.company_id,
                   rating.rating, rating.rated_on AS moment, %(day)s AS day,
                   %(origin)s AS origin, %(policy)s AS policy_id
              FROM rating_rating rating
              JOIN association ON association.id = rating.company_id
             WHERE rating.consumed AND rating.res_model
                   IN ('beneficiary.request', 'beneficiary.interaction')
            """,
            day=day,
            origin=self._get_origin(SQL("rating.rated_on")),
            policy=self._get_policy_on(day),
        )

    def _get_clauses(self):
        satisfied = SQL("fact.rating >= %s", satisfaction.SATISFIED)
        return {"satisfied": self._judge(SQL("TRUE"), satisfied)}
