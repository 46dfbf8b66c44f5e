from odoo import Command, api, fields, models


class Succession(models.TransientModel):
    """Asks who heads the household now, and what becomes of each open request.

    It holds no rule: it passes the choices to the file of the person who has died.
    """

    _name = "beneficiary.succession"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Another Head of the Household"

    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary", string="File", required=True
    )
    successor_id = fields.Many2one(
        related="beneficiary_id.successor_id", related_sudo=False
    )
    member_id = fields.Many2one("beneficiary.household.member", string="New Head")
    reason = fields.Text(required=True)
    line_ids = fields.One2many(
        "beneficiary.succession.line",
        "wizard_id",
        string="Open Requests",
        compute="_compute_line_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
    )

    @api.depends("beneficiary_id")
    def _compute_line_ids(self):
        self._check_targets()
        for wizard in self:
            requests = wizard.beneficiary_id._origin._get_open_requests()
            wizard.line_ids = [
                Command.clear(),
                *(Command.create({"request_id": request.id}) for request in requests),
            ]

    def action_confirm(self):
        """Pass the choices on, and open the file in which the household goes on."""
        self.ensure_one()
        decisions = [
            (line.request_id.id, line.decision)
            for line in self.line_ids
            if line.decision
        ]
        return self.beneficiary_id.action_hand_on(
            self.member_id.id, decisions, self.reason
        )
