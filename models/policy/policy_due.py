from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import date_utils

ACTIVITY = "beneficiary_relations.mail_activity_type_policy_review"
# Days before the review is due on which the managers are asked for it.
NOTICE_DAYS = 30


class PolicyDue(models.Model):
    """The policy in force is reviewed continually: the next day is set (R49).

    Putting a policy in force sets the day, by the association's settings. It moves when
    a review that changes nothing is recorded; a new version begins anew.
    """

    _name = "beneficiary.policy"
    _inherit = ["beneficiary.policy", "mail.activity.mixin"]

    review_due = fields.Date(
        copy=False,
        tracking=True,
        help="The managers are asked to review this policy before that day.",
    )
    is_review_due = fields.Boolean(
        compute="_compute_is_review_due", search="_search_is_review_due"
    )
    review_ids = fields.One2many(
        "beneficiary.policy.review", "policy_id", string="Reviews"
    )

    @api.depends("state", "review_due")
    def _compute_is_review_due(self):
        for policy in self:
            policy.is_review_due = bool(
                policy.state == "in_force"
                and policy.review_due
                and policy.review_due <= policy.company_id._get_beneficiary_today()
            )

    def _search_is_review_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._get_beneficiary_today()
        due = Domain("state", "=", "in_force") & Domain("review_due", "<=", today)
        return due if True in value else ~due

    def _write_state(self, vals):
        result = super()._write_state(vals)
        if vals.get("state") == "in_force":
            for policy in self.filtered(lambda policy: not policy.review_due):
                policy.review_due = policy.company_id._get_beneficiary_policy_review()
        elif vals.get("state") == "superseded":
            self.activity_unlink([ACTIVITY])
        return result

    def write(self, vals):
        result = super().write(vals)
        if "review_due" in vals:
            self.activity_unlink([ACTIVITY])  # the scheduled action asks anew in time
        return result

    # -- actions -----------------------------------------------------------------------

    def action_review(self):
        """Open the form that records a review without changes (R49)."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reviewed, No Change Needed"),
            "res_model": "beneficiary.policy.review",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_policy_id": self.id, "dialog_size": "medium"},
        }

    # -- scheduled action --------------------------------------------------------------

    def _ask_for_review(self):
        """Ask the managers once for the review of this policy, before it is due."""
        self.ensure_one()
        company = self.company_id
        soon = date_utils.add(company._get_beneficiary_today(), days=NOTICE_DAYS)
        if not self.review_due or self.review_due > soon or self._has_asked():
            return
        wanted = [
            (self, manager, lambda env: env._("Review the policy"))
            for manager in company._get_beneficiary_policy_managers()
        ]
        self._schedule_activities(ACTIVITY, wanted, lambda policy: policy.review_due)

    def _has_asked(self):
        """Whether this review was asked for; a manager may have ended the activity."""
        activities = self.env["mail.activity"].with_context(active_test=False)
        return activities.search_count(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("activity_type_id", "=", self.env.ref(ACTIVITY).id),
                ("date_deadline", "=", self.review_due),
            ],
            limit=1,
        )
