from odoo import fields, models


class RejectionReason(models.Model):
    """A listed reason for rejections, by which the association counts them (R23).

    The applicant reads it together with the committee's own words. Reasons without a
    company are shared. Managers edit the list, all staff read it.
    """

    _name = "beneficiary.rejection.reason"
    _inherit = [
        "beneficiary.archive.mixin",
        "beneficiary.catalogue.mixin",
        "beneficiary.mixin",
    ]
    _description = "Reason of Rejection"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
