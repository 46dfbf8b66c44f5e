from odoo import fields, models


class ReferralPhoto(models.Model):
    """A photo taken on the visit of a case study (R15).

    The image is an attachment with the access rights of its referral. It is shrunk to
    a size that is enough for a screen and for a printed page.

    :Who may: users who may read the referral may read its photos. Record rules let
        only the named researcher add and remove them, from the acceptance of the
        study until its answer.
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
