from odoo import api, fields, models


class NoticeTold(models.TransientModel):
    """Asks how a person was told something that no message could deliver, or why not.

    It holds no rule: it passes the input to the method of the notice.
    """

    _name = "beneficiary.notice.told"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Notice Given by Hand"

    notice_id = fields.Many2one("beneficiary.notice", required=True)
    beneficiary_id = fields.Many2one(
        related="notice_id.beneficiary_id", related_sudo=False
    )
    phone = fields.Char(
        related="notice_id.beneficiary_id.notice_phone", related_sudo=False
    )
    event = fields.Selection(related="notice_id.event", related_sudo=False)
    allowed_channel_ids = fields.Many2many(
        "beneficiary.channel", compute="_compute_allowed_channel_ids"
    )
    move = fields.Selection(
        [("told", "Told by Hand"), ("untell", "Not Told After All")],
        required=True,
        default="told",
    )
    channel_id = fields.Many2one("beneficiary.channel")
    text = fields.Text(string="Who Was Told, and What")
    reason = fields.Text()

    @api.depends("notice_id")
    def _compute_allowed_channel_ids(self):
        self._check_targets()
        for wizard in self:
            company = wizard.notice_id.company_id or self.env.company
            policy = company._get_beneficiary_policy()
            wizard.allowed_channel_ids = policy._get_desk_channels()

    def action_confirm(self):
        """Log how the person was told, or why that was recorded by mistake."""
        self.ensure_one()
        names = {"told": ["channel_id", "text"], "untell": ["reason"]}[self.move]
        return self._pass_on(self.notice_id, f"action_{self.move}", names)
