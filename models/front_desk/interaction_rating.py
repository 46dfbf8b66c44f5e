from odoo import models

from ...rules import identity


class InteractionRating(models.Model):
    """Whoever got an answer says how they were served, once it is closed (R29, R41).

    The link goes to the addresses of the file, or to those that a visitor left. People
    without an address are not asked.
    """

    _name = "beneficiary.interaction"
    _inherit = ["beneficiary.interaction", "beneficiary.rated.mixin"]

    def action_close(self):
        result = super().action_close()
        self._ask_for_rating()
        return result

    def _can_be_rated(self):
        self.ensure_one()
        contact = self.sudo()  # whoever follows a link has no rights
        return contact.answer_state == "closed" and not contact._get_rating()

    def _ask_for_rating(self):
        """Send each of these people a link to rate the answer, once (R29)."""
        messages = self.env["beneficiary.direct.message"]
        for contact in self.sudo():  # delegates may not read all addresses
            channels = contact._get_rating_channels()
            is_asked = self.env["beneficiary.rating.link"]._is_made(contact)
            if not channels or is_asked or not contact._can_be_rated():
                continue
            lang = contact._get_rating_lang()
            words = contact.with_context(lang=lang)
            messages._send(
                contact.company_id,
                channels,
                lang,
                words.env._("How did we serve you?"),
                words.env._("How satisfied are you with our answer? Rate it here:"),
                contact._with_rating_links()._get_rating_url(),
            )

    def _get_rating_channels(self):
        """Return where the person is reached: ``email`` and ``sms``, if known."""
        file, phone, email = self.beneficiary_id, self.party_phone, self.party_email
        if file:
            channels = file._get_notice_channels()
            phone = "sms" in channels and file.notice_phone
            email = "email" in channels and file.notice_email
        channels = {
            "email": email,
            "sms": phone and identity.is_mobile(phone) and phone,
        }
        return {name: address for name, address in channels.items() if address}

    def _get_rated_words(self):
        return self.env._(
            "Our answer of %(date)s",
            date=self._format_paper_day(self.answered_on or self.date),
        )

    def _get_rating_page(self):
        return "/my"

    def _get_rating_lang(self):
        return self.beneficiary_id.lang or self.company_id._get_beneficiary_lang()

    def _get_rating_partner(self):
        return self.sudo().beneficiary_id.partner_id
