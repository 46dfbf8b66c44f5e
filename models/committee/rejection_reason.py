from odoo import fields, models


class RejectionReason(models.Model):
    """Why a request is not accepted, in a list: what the association counts (R23).

    The applicant reads it with the committee's own words. Reasons without a company
    are shared. Managers edit the list, all staff read it.
    """

    _name = "beneficiary.rejection.reason"
    _inherit = ["beneficiary.catalogue.mixin", "beneficiary.mixin"]
    _description = "Reason of Rejection"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
