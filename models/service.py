from odoo import fields, models


class Service(models.Model):
    """What an association offers: required papers, studying committee, delivery (R45).

    Managers edit the catalogue, all staff read it; the portal offers the
    published ones.
    """

    _name = "beneficiary.service"
    _inherit = ["beneficiary.mixin"]
    _description = "Service"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    delivery_kind = fields.Selection(
        [
            ("cash", "Cash"),
            ("in_kind", "In Kind"),
            ("coupon", "Coupon"),
            ("activity", "Activity"),
            ("maintenance", "Maintenance"),
        ],
        required=True,
        default="in_kind",
    )
    document_type_ids = fields.Many2many(
        "beneficiary.document.type",
        "beneficiary_service_document_type_rel",
        string="Required Documents",
    )
    committee_id = fields.Many2one(
        "beneficiary.committee", check_company=True, index="btree_not_null"
    )
    portal_published = fields.Boolean(string="Offered on the Portal", default=True)
    active = fields.Boolean(default=True)
