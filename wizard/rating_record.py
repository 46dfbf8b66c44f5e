from odoo import api, fields, models


class RatingRecord(models.TransientModel):
    """Asks for the rating that a person gave by telephone or on paper.

    It holds no rule: it passes the input to the method of the request.
    """

    _name = "beneficiary.rating.record"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Rating Given by Telephone or on Paper"

    request_id = fields.Many2one("beneficiary.request", required=True)
    beneficiary_id = fields.Many2one(
        related="request_id.beneficiary_id", related_sudo=False
    )
    phone = fields.Char(
        related="request_id.beneficiary_id.notice_phone", related_sudo=False
    )
    rate = fields.Selection(
        [("5", "Satisfied"), ("3", "Neither"), ("1", "Not Satisfied")],
        string="Answer",
        required=True,
    )
    words = fields.Text(string="In the Person's Words")
    allowed_channel_ids = fields.Many2many(
        "beneficiary.channel", compute="_compute_allowed_channel_ids"
    )
    channel_id = fields.Many2one("beneficiary.channel", required=True)

    @api.depends("request_id")
    def _compute_allowed_channel_ids(self):
        self._check_targets()
        for wizard in self:
            wizard.allowed_channel_ids = wizard.request_id._get_rating_channels()

    def action_confirm(self):
        """Record the rating."""
        self.ensure_one()
        self.request_id.action_record_rating(
            self.rate, self.words or "", self.channel_id.id
        )
        return {"type": "ir.actions.act_window_close"}
