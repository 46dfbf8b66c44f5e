from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError

from .thread_mixin import AUTHORSHIP, POSTED


class MailThread(models.AbstractModel):
    """The mail gateway, for e-mails to the addon's records.

    Anybody with an account may call Odoo's gateway, with an e-mail that names any
    sender. For the addon's records, only the server that fetches e-mails may use the
    gateway, and administrators, because some servers sign in as one.
    """

    _inherit = "mail.thread"

    @api.model
    def _is_beneficiary_thread(self, name):
        """Whether ``name`` is one of our models with a conversation."""
        return (
            bool(name)
            and name in self.env
            and isinstance(
                self.env[name], self.env.registry["beneficiary.thread.mixin"]
            )
        )

    def message_notify(self, *, model=False, res_id=False, **kwargs):
        """Notify about our records under the user's own name, if they may write."""
        name = model or self._name
        if self.env.uid != SUPERUSER_ID and self._is_beneficiary_thread(name):
            records = self.env[name].browse(res_id or self.ids)
            records.sudo(False)._check_may_write_message()
            kwargs = {name: kwargs[name] for name in kwargs if name not in AUTHORSHIP}
        return super().message_notify(model=model, res_id=res_id, **kwargs)

    def _notify_by_email_render_layout(
        self, message, recipients_group, msg_vals=False, render_values=None
    ):
        """Give e-mails about our records the direction of their language (R44)."""
        html = super()._notify_by_email_render_layout(
            message, recipients_group, msg_vals=msg_vals, render_values=render_values
        )
        name = (msg_vals or {}).get("model") or message.model or self._name
        if not self._is_beneficiary_thread(name):
            return html
        lang = (render_values or {}).get("lang") or self.env.lang
        return self.env["res.lang"]._set_text_direction(html, lang)

    def _message_create(self, values_list):
        """Mark posts of Odoo's own methods: only these may set author and kind."""
        posting = self.with_context(beneficiary_post=POSTED)
        return super(MailThread, posting)._message_create(values_list)

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        if any(self._leads_to_applicant(*route[:2]) for route in routes or ()):
            self._check_is_mail_gateway()
            # Odoo lets every addressee of an e-mail read it on the record.
            message_dict["partner_ids"] = []
        return super()._message_route_process(message, message_dict, routes)

    @api.model
    def _leads_to_applicant(self, model, record_id):
        """Whether an e-mail would reach a record of ours, or a contact of a file."""
        if model == "res.partner":
            contact = self.env[model].sudo().browse(record_id or ()).exists()
            return bool(contact.is_beneficiary_contact)
        return self._is_beneficiary_thread(model)

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Take bounces of our messages only from the mail gateway."""
        if self._is_beneficiary_thread(message_dict["bounced_message"].sudo().model):
            self._check_is_mail_gateway()
        return super()._routing_handle_bounce(email_message, message_dict)

    def _check_is_mail_gateway(self):
        if not (self.env.su or self.env.user._is_system()):
            raise AccessError(self.env._("E-mails come in through the mail gateway."))
