from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import date_utils


class ResCompany(models.Model):
    """How often the policy is reviewed, and its readers are reminded (R35, R49)."""

    _inherit = "res.company"

    beneficiary_policy_review_months = fields.Integer(
        string="Review of the Policy",
        default=12,
        help="Months after which the policy in force is reviewed again; 0: never.",
    )
    beneficiary_policy_reminder_days = fields.Integer(
        string="Remind of the Policy",
        default=7,
        help="Days after which colleagues are reminded to read the policy, again and "
        "again until they have read it; 0: never.",
    )

    @api.constrains("beneficiary_policy_review_months")
    def _check_beneficiary_policy_review_months(self):
        if any(company.beneficiary_policy_review_months < 0 for company in self):
            raise ValidationError(
                self.env._("Months until the review of the policy cannot be negative.")
            )

    @api.constrains("beneficiary_policy_reminder_days")
    def _check_beneficiary_policy_reminder_days(self):
        if any(company.beneficiary_policy_reminder_days < 0 for company in self):
            raise ValidationError(
                self.env._("Days until a reminder of the policy cannot be negative.")
            )

    def _get_beneficiary_policy_review(self):
        """Return the day of the next review of a policy; False when none is wanted."""
        months = self.sudo().beneficiary_policy_review_months  # settings of the office
        return months and date_utils.add(self._get_beneficiary_today(), months=months)

    def _get_beneficiary_policy_managers(self):
        """Return the managers who are asked to review the policy."""
        self.ensure_one()
        group = self.env.ref("beneficiary_relations.group_manager")
        managers = group.sudo().all_user_ids.filtered(  # of all associations
            lambda user: self in user.company_ids
        )
        return (
            managers.filtered(lambda user: not user._is_system())
            or self._get_beneficiary_manager()
        )
