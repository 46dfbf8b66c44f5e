from odoo import fields, models


class ReferralFinding(models.Model):
    """What a case study found under one heading (R15).

    :Who may: read with the referral; the named researcher writes, while the study is
        accepted and not answered, which record rules say. Health is read by
        *Reads Health Data*, income by *Reads Income and Bank Data*, and both by the
        members of the committee that studies the request.
    """

    _name = "beneficiary.referral.finding"
    _inherit = ["beneficiary.mixin"]
    _description = "Finding of a Case Study"
    _order = "referral_id, sequence, id"
    _rec_name = "section"

    referral_id = fields.Many2one(
        "beneficiary.referral", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="referral_id.company_id", store=True, precompute=True
    )
    sequence = fields.Integer()
    section = fields.Selection(
        [
            ("housing", "Housing"),
            ("social", "Family and Social Life"),
            ("health", "Health"),
            ("education", "Education"),
            ("work", "Work"),
            ("income", "Income"),
        ],
        required=True,
    )
    text = fields.Text(string="What Was Found")

    _section_unique = models.UniqueIndex(
        "(referral_id, section)", "The case study has this section already."
    )
