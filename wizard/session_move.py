from odoo import fields, models

# Fields of the form that each step gets; the record decides what it needs.
MOVE_FIELDS = {
    "postpone": ("reason", "start", "stop"),
    "cancel": ("reason",),
    "sign": ("signature",),
}


class SessionMove(models.TransientModel):
    """The form for a step of a session, or of an item on its agenda.

    It holds no rule: it passes the input to the method of the record.
    """

    _name = "beneficiary.session.move"
    _inherit = ["beneficiary.form.mixin", "beneficiary.upload.mixin"]
    _description = "Step of a Session"
    _upload_fields = {"signature": None}

    session_id = fields.Many2one("beneficiary.committee.session", required=True)
    item_id = fields.Many2one("beneficiary.session.item")
    move = fields.Selection(
        [
            ("postpone", "Postpone"),
            ("cancel", "Cancel"),
            ("sign", "Sign"),
            ("postpone_item", "Postpone the Request"),
        ],
        required=True,
    )
    reason = fields.Text()
    start = fields.Datetime(string="New Time")
    stop = fields.Datetime(string="Ends")
    signature = fields.Image(max_width=1024, max_height=1024)

    def action_confirm(self):
        """Take the step with the input of the form."""
        self.ensure_one()
        if self.move == "postpone_item":
            return self._pass_on(self.item_id, "action_postpone", ["reason"])
        names = MOVE_FIELDS[self.move]
        return self._pass_on(self.session_id, f"action_{self.move}", names)
