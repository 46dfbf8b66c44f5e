from odoo import fields, models


class ReferralFinding(models.Model):
    """The finding of a case study under one heading (R15).

    :Who may: users who may read the referral may read its findings. Record rules let
        only the named researcher write them, from the acceptance of the study until
        its answer. Findings on health need *Reads Health Data*, and findings on
        income need *Reads Income and Bank Data*. Members of the committee that
        studies the request read both.
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
