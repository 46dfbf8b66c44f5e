from odoo import api, fields, models


class SuccessionLine(models.TransientModel):
    """What becomes of one open request of a person who has died."""

    _name = "beneficiary.succession.line"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Open Request of a Person Who Has Died"
    _order = "request_id, id"

    wizard_id = fields.Many2one(
        "beneficiary.succession", required=True, ondelete="cascade"
    )
    request_id = fields.Many2one("beneficiary.request", required=True)
    service_id = fields.Many2one(related="request_id.service_id", related_sudo=False)
    state = fields.Selection(related="request_id.state", related_sudo=False)
    currency_id = fields.Many2one(related="request_id.currency_id", related_sudo=False)
    owed_amount = fields.Monetary(string="Still Owed", compute="_compute_owed_amount")
    decision = fields.Selection(
        [("continue", "Continue Under the New Head"), ("cancel", "Cancel")],
        help="Empty: decided later; until then nothing happens.",
    )

    @api.depends("request_id")
    def _compute_owed_amount(self):
        """Only for registered requests: earlier, the amount would reveal the grant."""
        self._check_targets()
        for line in self:
            request = line.request_id
            line.owed_amount = request.state == "registered" and request._get_owed()
