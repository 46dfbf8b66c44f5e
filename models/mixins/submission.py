from odoo import api, fields, models

# A form or call is sent again within minutes or days, never after this.
KEPT_DAYS = 90


class Submission(models.Model):
    """What one person sent under one key: a form or a call that may come twice (R44).

    :Who may: nobody; only ``_create_once`` reads and writes it.
    """

    _name = "beneficiary.submission"
    _inherit = ["beneficiary.mixin"]
    _description = "Form or Call That Arrived"
    _log_access = False

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    model = fields.Char(required=True)
    key = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="model")
    sent_on = fields.Datetime(required=True, readonly=True, index=True)

    _once = models.UniqueIndex(
        "(user_id, model, key)", "This form or call has arrived before."
    )

    @api.autovacuum
    def _gc_submissions(self):
        """Forget keys that nobody sends again."""
        old = fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS)
        self.sudo().search([("sent_on", "<", old)], limit=10_000).unlink()
