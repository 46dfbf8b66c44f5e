from markupsafe import Markup

from odoo import SUPERUSER_ID, api, models

from ...rules import identity


class DirectMessage(models.AbstractModel):
    """Messages to a person that no colleague reads: they may hold a secret (R29).

    They belong to no record, and leave the queue once they were sent.
    """

    _name = "beneficiary.direct.message"
    _description = "Message That Nobody Else Reads"

    @api.model
    def _send(self, company, channels, lang, subject, text, url):
        """Queue an e-mail and a text message, as far as there are addresses.

        :param company: the association that writes
        :param channels: ``{"email": addresses, "sms": number}``; a value may be empty
        :param lang: language of the person
        :param subject: of the e-mail
        :param text: one or two sentences, without the name of the association
        :param url: the address that both lead to
        """
        office = self.with_user(SUPERUSER_ID).with_context(lang=lang)
        company = company.with_env(office.env)
        vals = {
            "author_id": company.partner_id.id,
            "is_internal": True,
            # Both queues send in the name, and by the provider, of this association.
            "record_company_id": company.id,
            "record_alias_domain_id": company.alias_domain_id.id,
        }
        if channels.get("email"):
            office.env["mail.mail"].create(
                {
                    **vals,
                    "subject": subject,
                    "body_html": office.env["res.lang"]._set_text_direction(
                        Markup('<p>%s</p><p><a href="%s">%s</a></p><p>%s</p>')
                        % (text, url, url, company.name),
                        lang,
                    ),
                    "email_from": company.email_formatted
                    or office.env.user.email_formatted,
                    "email_to": channels["email"],
                    "auto_delete": True,
                    "message_type": "user_notification",
                }
            )
        if channels.get("sms"):
            message = office.env["mail.message"].create(
                {
                    **vals,
                    "message_type": "sms",
                    "body": "",  # the words are in the queue alone
                    "email_from": False,
                    "reply_to": False,
                }
            )
            office.env["sms.sms"].create(
                {
                    "mail_message_id": message.id,
                    "number": identity.dialled(channels["sms"]),
                    "body": f"{text} {url} {company.name}",
                }
            )
