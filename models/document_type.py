from odoo import fields, models


class DocumentType(models.Model):
    """A kind of paper, and what makes one of its kind acceptable.

    Kinds without a company are shared. Managers edit them, all staff read them.
    """

    _name = "beneficiary.document.type"
    _inherit = ["beneficiary.mixin"]
    _description = "Kind of Document"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", index="btree_not_null")
    needs_number = fields.Boolean(string="Number Required")
    needs_expiry = fields.Boolean(string="Expiry Date Required")
    valid_days = fields.Integer(
        string="Valid for (days)",
        help="Days of validity from the date of issue; 0 when it has no such limit.",
    )
    active = fields.Boolean(default=True)

    _valid_days_positive = models.Constraint(
        "CHECK (valid_days >= 0)", "Days of validity cannot be negative."
    )
