from odoo import api, fields, models
from odoo.exceptions import UserError


class ArchiveReason(models.TransientModel):
    """Asks why records are archived.

    It holds no rule: it passes the input to the method of the records.
    """

    _name = "beneficiary.archive.reason"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Reason of Archiving"

    res_model = fields.Char(string="Kind of Record", required=True)
    res_ids = fields.Char(string="Numbers of the Records", required=True)
    records = fields.Text(string="To Be Archived", compute="_compute_records")
    reason = fields.Char(required=True)

    @api.depends("res_model", "res_ids")
    def _compute_records(self):
        for form in self:
            readable = form._get_records()
            form.records = readable and "\n".join(readable.mapped("display_name"))

    def _get_records(self):
        """Return those records of the form that the acting user may read.

        :return: None if the form names no records that are archived for a reason
        """
        model = self.env.registry.get(self.res_model)
        archived = self.env.registry["beneficiary.archive.mixin"]
        if not model or model._abstract or not issubclass(model, archived):
            return None
        ids = [int(part) for part in (self.res_ids or "").split(",") if part.isdigit()]
        records = self.env[self.res_model].with_context(active_test=False)
        return records.search([("id", "in", ids)])

    def action_confirm(self):
        """Archive the records, with the reason of the form."""
        self.ensure_one()
        records = self._get_records()
        if not records:
            raise UserError(
                self.env._("Open this form from the records that are to be archived.")
            )
        records.action_archive_because(self.reason)
        return {"type": "ir.actions.act_window_close"}
