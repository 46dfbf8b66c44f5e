from odoo import fields, models
from odoo.tools import SQL

from .compliance_request import STATE


class ComplianceReading(models.Model):
    """A member of staff to whom the policy was circulated, and who read it (R35, R50).

    The day is the day of circulation.
    """

    _name = "beneficiary.compliance.reading"
    _inherit = ["beneficiary.compliance.source.mixin"]
    _description = "Compliance of a Reading"
    _auto = False
    _rec_name = "acknowledgement_id"
    _compliance_source = "reading"
    _compliance_record = "beneficiary.policy.acknowledgement"
    _compliance_facts = ("is_read",)
    _depends = {  # noqa: RUF012 - Odoo's own attribute
        "beneficiary.policy.acknowledgement": [
            "circulated_on",
            "policy_id",
            "read_on",
            "role",
            "user_id",
        ]
    }

    acknowledgement_id = fields.Many2one(
        "beneficiary.policy.acknowledgement", readonly=True
    )
    user_id = fields.Many2one("res.users", string="Reader", readonly=True)
    read_day = fields.Date(string="Read On", readonly=True)
    acknowledged = fields.Selection(STATE, string="Has Read It", readonly=True)

    def _get_record(self):
        return self.acknowledgement_id

    def _get_facts(self, at_once=False):
        return SQL(
            """
            SELECT reading.id, reading.id AS acknowledgement_id, reading.company_id,
                   reading.policy_id, reading.user_id, reading.role,
                   reading.circulated_on AS moment,
                   reading.read_on IS NOT NULL AS is_read,
                   %(read_day)s AS read_day, %(day)s AS day, 'lived' AS origin
              FROM beneficiary_policy_acknowledgement reading
              JOIN association ON association.id = reading.company_id
            """,
            read_day=self._get_day(SQL("reading.read_on")),
            day=self._get_day(SQL("reading.circulated_on")),
        )

    def _get_clauses(self):
        return {"acknowledged": self._judge(SQL("TRUE"), SQL("fact.is_read"))}
