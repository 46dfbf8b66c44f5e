from odoo import fields, models
from odoo.tools import SQL

from .compliance_request import STATE


class ComplianceVersion(models.Model):
    """A version of the policy: approved, circulated, and reviewed (R35, R36, R49, R50).

    The version in force counts today; a former one on the day it was superseded.
    """

    _name = "beneficiary.compliance.version"
    _inherit = ["beneficiary.compliance.source.mixin"]
    _description = "Compliance of a Policy Version"
    _auto = False
    _rec_name = "policy_id"
    _compliance_source = "version"
    _compliance_record = "beneficiary.policy"
    _compliance_facts = ("state", "is_approved", "is_circulated", "is_reviewed")
    _has_moment = False
    _depends = {  # noqa: RUF012 - Odoo's own attribute
        "beneficiary.policy": [
            "approval_date",
            "in_force_on",
            "review_due",
            "state",
            "supersedes_id",
        ],
        "beneficiary.policy.acknowledgement": ["policy_id"],
    }

    state = fields.Selection(
        selection=lambda self: (
            self.env["beneficiary.policy"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        readonly=True,
    )
    review_due = fields.Date(readonly=True)
    policy_approved = fields.Selection(STATE, string="Approval Recorded", readonly=True)
    policy_circulated = fields.Selection(
        STATE, string="Circulated to Staff", readonly=True
    )
    policy_reviewed = fields.Selection(
        STATE,
        string="Reviewed When Due",
        readonly=True,
        help="Not kept: the review of the version in force is overdue, or has no day.",
    )

    def _get_record(self):
        return self.policy_id

    def _get_facts(self, at_once=False):
        return SQL(
            """
            SELECT policy.id, policy.id AS policy_id, policy.company_id, policy.state,
                   policy.review_due, 'lived' AS origin, NULL::timestamp AS moment,
                   policy.approval_date IS NOT NULL AS is_approved,
                   EXISTS (SELECT FROM beneficiary_policy_acknowledgement
                            WHERE policy_id = policy.id) AS is_circulated,
                   policy.review_due >= association.today AS is_reviewed,
                   CASE WHEN policy.state = 'in_force' THEN association.today
                        ELSE (SELECT min(in_force_on) FROM beneficiary_policy
                               WHERE supersedes_id = policy.id) END AS day
              FROM beneficiary_policy policy
              JOIN association ON association.id = policy.company_id
             WHERE policy.state != 'draft'
            """
        )

    def _get_clauses(self):
        return {
            "policy_approved": self._judge(SQL("TRUE"), SQL("fact.is_approved")),
            "policy_circulated": self._judge(SQL("TRUE"), SQL("fact.is_circulated")),
            "policy_reviewed": self._judge(
                SQL("fact.state = 'in_force'"), SQL("fact.is_reviewed")
            ),
        }
