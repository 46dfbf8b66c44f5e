from odoo import fields, models


class ServiceDocument(models.Model):
    """A paper that a service asks of some kinds of beneficiary, or of all (R45).

    Managers edit these papers with the service; all staff read them.
    """

    _name = "beneficiary.service.document"
    _inherit = [
        "beneficiary.whole.mixin",
        "beneficiary.service.line.mixin",
        "beneficiary.kind.fit.mixin",
        "beneficiary.trace.line.mixin",
        "beneficiary.mixin",
    ]
    _description = "Document of a Service"
    _order = "service_id, sequence, id"
    _rec_name = "type_id"
    _check_company_auto = True
    _traced_on = ("service_id", "document_line_ids")
    _traced_fields = ("type_id", "is_required")

    service_id = fields.Many2one(
        "beneficiary.service", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="service_id.company_id", store=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    type_id = fields.Many2one(
        "beneficiary.document.type",
        string="Document",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    is_required = fields.Boolean(
        string="Required",
        default=True,
        help="A request cannot go on without a required paper. Other papers are "
        "optional.",
    )
