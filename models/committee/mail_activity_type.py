from odoo import fields, models


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    category = fields.Selection(
        selection_add=[("beneficiary_vote", "Vote")],
        ondelete={"beneficiary_vote": "set default"},
    )
