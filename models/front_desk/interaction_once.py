from odoo import api, fields, models


class InteractionOnce(models.Model):
    """A contact that is sent twice under one key is logged once (R44).

    The quick form of the desk has a key of its own: when the answer of the server was
    lost, and the form is saved again, there is one contact.
    """

    _inherit = "beneficiary.interaction"

    # Never stored: the form sends it, and ``create`` takes it out of the values. Who
    # reads it gets a new key each time.
    submission_key = fields.Char(
        string="Key of the Form",
        store=False,
        copy=False,
        default=lambda self: self._new_submission_key(),
    )

    @api.model_create_multi
    def create(self, vals_list):
        return self._create_once(vals_list, super().create)
