from odoo import fields, models


class ReferralPhoto(models.Model):
    """A photo taken on the visit of a case study (R15).

    The image is an attachment that follows its referral, shrunk to what a screen
    and a page of paper show.

    :Who may: read with the referral; the named researcher adds and removes, while the
        study is accepted and not answered, which record rules say.
    """

    _name = "beneficiary.referral.photo"
    _inherit = ["beneficiary.upload.mixin", "beneficiary.mixin"]
    _description = "Photo of a Visit"
    _order = "referral_id, id"
    _rec_name = "caption"
    _upload_fields = {"image": None}

    referral_id = fields.Many2one(
        "beneficiary.referral", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="referral_id.company_id", store=True, precompute=True
    )
    image = fields.Image(
        string="Photo", required=True, attachment=True, max_width=1600, max_height=1600
    )
    caption = fields.Char()
