from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    beneficiary_licence_number = fields.Char(
        related="company_id.beneficiary_licence_number", readonly=False
    )
    beneficiary_letterhead = fields.Text(
        related="company_id.beneficiary_letterhead", readonly=False
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
    beneficiary_appeal_days = fields.Integer(
        related="company_id.beneficiary_appeal_days", readonly=False
    )
    beneficiary_file_review_months = fields.Integer(
        related="company_id.beneficiary_file_review_months", readonly=False
    )
    beneficiary_answer_days = fields.Integer(
        related="company_id.beneficiary_answer_days", readonly=False
    )
    beneficiary_mail_officer_id = fields.Many2one(
        related="company_id.beneficiary_mail_officer_id", readonly=False
    )
    beneficiary_alias_name = fields.Char(
        related="company_id.beneficiary_alias_name", readonly=False
    )
    beneficiary_alias_domain = fields.Char(
        string="E-mail Domain", compute="_compute_beneficiary_alias_domain"
    )

    @api.depends("company_id")
    def _compute_beneficiary_alias_domain(self):
        """Compute the part of the address after its name; empty without a domain."""
        for settings in self:
            domain = settings.company_id.alias_domain_id.name
            settings.beneficiary_alias_domain = domain and f"@{domain}"

    beneficiary_referral_days = fields.Integer(
        related="company_id.beneficiary_referral_days", readonly=False
    )
    beneficiary_referral_unit = fields.Selection(
        related="company_id.beneficiary_referral_unit", readonly=False
    )

    beneficiary_signin_by_code = fields.Boolean(
        related="company_id.beneficiary_signin_by_code", readonly=False
    )
    beneficiary_signin_opens_account = fields.Boolean(
        related="company_id.beneficiary_signin_opens_account", readonly=False
    )
    beneficiary_newcomers = fields.Selection(
        related="company_id.beneficiary_newcomers", readonly=False
    )
    beneficiary_sends_texts = fields.Boolean(
        related="company_id.beneficiary_sends_texts", readonly=False
    )
