from odoo import models

from ..mixins.id_guard_mixin import OURS

BODY = "body_html"
# Says in a context that one of Odoo's own templates writes to a person of ours.
TO_PERSON = "beneficiary_mail_to_person"


class MailTemplate(models.Model):
    """Templates about our records give their text the reader's direction (R44)."""

    _inherit = "mail.template"

    def _render_field(self, field, res_ids, *args, **kwargs):
        bodies = super()._render_field(field, res_ids, *args, **kwargs)
        is_ours = (self.model or "").startswith(OURS) or self.env.context.get(TO_PERSON)
        if field != BODY or not is_ours:
            return bodies
        languages = kwargs.get("res_ids_lang") or {}
        if kwargs.get("compute_lang"):
            languages = self._render_lang(res_ids)
        general = kwargs.get("set_lang") or self.env.lang
        directed = self.env["res.lang"]._set_text_direction
        return {
            res_id: body and directed(body, languages.get(res_id) or general)
            for res_id, body in bodies.items()
        }
