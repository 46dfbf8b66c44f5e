from odoo import api, fields, models

# Fields of the form that each step gets; the requests decide what they need.
MOVE_FIELDS = {"notify": ("channel_id", "text"), "release": ("reason",)}


class RequestEach(models.TransientModel):
    """The form for one step of many requests.

    It holds no rule: it passes the input to the method of the requests.
    """

    _name = "beneficiary.request.each"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Step of Many Requests"

    request_ids = fields.Many2many(
        "beneficiary.request",
        "beneficiary_request_each_rel",
        string="Requests",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    move = fields.Selection(
        [("notify", "Give the Notice"), ("release", "Release the Reply")],
        required=True,
        default="notify",
    )
    allowed_channel_ids = fields.Many2many(
        "beneficiary.channel", compute="_compute_allowed_channel_ids"
    )
    channel_id = fields.Many2one("beneficiary.channel")
    text = fields.Text(string="What Was Said")
    reason = fields.Text()

    @api.depends("request_ids")
    def _compute_allowed_channel_ids(self):
        self._check_targets()
        for wizard in self:
            policies = wizard.request_ids.policy_id
            wizard.allowed_channel_ids = self.env["beneficiary.channel"].union(
                *(policy._get_channels() for policy in policies)
            )

    def action_confirm(self):
        """Take the step with those requests that can, and say which cannot and why."""
        self.ensure_one()
        given = {
            name: self[name].id if self._fields[name].relational else self[name]
            for name in MOVE_FIELDS[self.move]
        }
        return getattr(self.request_ids, f"action_{self.move}_each")(**given)
