from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    beneficiary_licence_number = fields.Char(
        related="company_id.beneficiary_licence_number", readonly=False
    )
    beneficiary_calendar_id = fields.Many2one(
        related="company_id.beneficiary_calendar_id", readonly=False
    )
    beneficiary_grace_days = fields.Integer(
        related="company_id.beneficiary_grace_days", readonly=False
    )
    beneficiary_paper_reminder_days = fields.Integer(
        related="company_id.beneficiary_paper_reminder_days", readonly=False
    )
    beneficiary_release_time = fields.Float(
        related="company_id.beneficiary_release_time", readonly=False
    )
    beneficiary_pause_when_returned = fields.Boolean(
        related="company_id.beneficiary_pause_when_returned", readonly=False
    )
    beneficiary_file_review_months = fields.Integer(
        related="company_id.beneficiary_file_review_months", readonly=False
    )
