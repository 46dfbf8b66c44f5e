from odoo import fields, models


class FileMove(models.TransientModel):
    """Asks why the state of a file changes.

    It holds no rule: it passes the input to the method of the file.
    """

    _name = "beneficiary.file.move"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Change of a File's State"

    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary", string="File", required=True
    )
    move = fields.Selection(
        [("suspend", "Suspend"), ("close", "Close"), ("reopen", "Reopen")],
        required=True,
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Change the state, with the reason of the form."""
        self.ensure_one()
        return self._pass_on(self.beneficiary_id, f"action_{self.move}", ["reason"])
