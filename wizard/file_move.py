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
        [
            ("suspend", "Suspend"),
            ("close", "Close"),
            ("reopen", "Reopen"),
            ("record_death", "Record the Death"),
            ("correct_death", "Take Back the Death"),
        ],
        required=True,
    )
    death_date = fields.Date(string="Died On", span="past")
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Change the state, with the reason of the form."""
        self.ensure_one()
        names = ["death_date", "reason"] if self.move == "record_death" else ["reason"]
        return self._pass_on(self.beneficiary_id, f"action_{self.move}", names)
