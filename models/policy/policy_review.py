from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...rules.evidence import says_nothing


class PolicyReview(models.Model):
    """A review of the policy in force after which nothing was changed (R49).

    Where something is to change, a new version is made instead.

    :Who may: managers record a review, with their reason and the day of the next one.
        All staff read it, and nobody changes it.
    """

    _name = "beneficiary.policy.review"
    _inherit = ["beneficiary.mixin"]
    _description = "Review of a Policy"
    _order = "reviewed_on desc, id desc"
    _rec_name = "reviewed_on"
    _check_company_auto = True

    policy_id = fields.Many2one(
        "beneficiary.policy",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.policy_id._get_in_force(self.env.company),
    )
    company_id = fields.Many2one(
        related="policy_id.company_id", store=True, precompute=True, index=True
    )
    reviewed_on = fields.Date(required=True, readonly=True)
    reviewed_by_id = fields.Many2one("res.users", required=True, readonly=True)
    reason = fields.Text(
        string="Why Nothing Is Changed",
        required=True,
        help="What was looked at, and why the policy stays as it is.",
    )
    next_review = fields.Date(
        required=True,
        default=lambda self: self.env.company._get_beneficiary_policy_review(),
    )

    @api.constrains("reason")
    def _check_reason(self):
        if any(says_nothing(review.reason) for review in self):
            raise ValidationError(
                self.env._("Write what was looked at, and why nothing is changed.")
            )

    @api.constrains("next_review", "reviewed_on")
    def _check_next_review(self):
        if any(review.next_review <= review.reviewed_on for review in self):
            raise ValidationError(self.env._("The next review is after today."))

    @api.model_create_multi
    def create(self, vals_list):
        """Record reviews of policies in force, by the acting user and today."""
        now = {
            "reviewed_on": self.env.company._get_beneficiary_today(),
            "reviewed_by_id": self.env.uid,
        }
        reviews = super().create([{**vals, **now} for vals in vals_list])
        for review in reviews:
            review.policy_id.check_access("write")
            if review.policy_id.state != "in_force":
                raise UserError(self.env._("Only the policy in force is reviewed."))
            review.policy_id.review_due = review.next_review
        return reviews
