from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    beneficiary_policy_review_months = fields.Integer(
        related="company_id.beneficiary_policy_review_months", readonly=False
    )
    beneficiary_policy_reminder_days = fields.Integer(
        related="company_id.beneficiary_policy_reminder_days", readonly=False
    )
