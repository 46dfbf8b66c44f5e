from urllib.parse import quote

from odoo import models
from odoo.exceptions import UserError

from ...rules import identity


class WhatsAppMixin(models.AbstractModel):
    """A link that opens WhatsApp on a text prepared in the person's language.

    Much of the work happens on WhatsApp. The officer reads and sends the text, and the
    contact is logged on the social-media channel.
    """

    _name = "beneficiary.whatsapp.mixin"
    _description = "Link to WhatsApp"

    def action_whatsapp(self):
        """Log the contact, and open WhatsApp on its text in a new window.

        :raise UserError: when the person has no mobile number
        """
        self.ensure_one()
        self.check_access("read")
        self.env["beneficiary.interaction"].check_access("create")
        number = self._get_whatsapp_phone()
        if not number or not identity.is_mobile(number):
            raise UserError(
                self.env._(
                    "There is no mobile number to write to. Add it to the file first."
                )
            )
        text = self._get_whatsapp_text()
        dialled = identity.dialled(number).removeprefix("+")
        self.env["beneficiary.interaction"].create(
            {
                **self._prepare_whatsapp_vals(),
                "subject": self.env._("WhatsApp message"),
                "channel_id": self.env.ref("beneficiary_relations.channel_social").id,
                "direction": "out",
                "kind": "follow_up",
                "outcome": text,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"https://wa.me/{dialled}?text={quote(text)}",
            "target": "new",
        }

    def _prepare_whatsapp_vals(self):
        """Return the values of the logged contact: its person and its subject."""
        raise NotImplementedError

    def _get_whatsapp_phone(self):
        """Return the number to write to, in E.164, or an empty value."""
        raise NotImplementedError

    def _get_whatsapp_text(self):
        """Return the text, in the language of the person who gets it."""
        raise NotImplementedError
