from odoo import api, models
from odoo.exceptions import AccessError


class MailScheduledMessage(models.Model):
    """Scheduled messages need the same rights as messages sent now (R26).

    Odoo only asks for the right to read the record. With that right, anybody could
    change and delete messages that others have scheduled.
    """

    _inherit = "mail.scheduled.message"

    @api.model
    def _check(self, values=None):
        super()._check(values)
        if self.env.is_superuser():
            return
        planned = [(message.model, message.res_id) for message in self.sudo()]
        if values:
            planned.append((values["model"], values["res_id"]))
        threads = self.env["mail.thread"]
        ours = [pair for pair in planned if threads._is_beneficiary_thread(pair[0])]
        for model, res_id in ours:
            self.env[model].browse(res_id)._check_may_write_message()
        if ours and self.sudo().create_uid - self.env.user:
            raise AccessError(
                self.env._(
                    "Only the person who scheduled a message can change or delete it. "
                    "Ask that person."
                )
            )
