from markupsafe import Markup

from odoo import SUPERUSER_ID, models

from ...rules import identity


class ToldMixin(models.AbstractModel):
    """A record of the front desk whose news its person is told, with a link to it.

    News leave through Odoo's queues of e-mails and text messages, in the language of
    the person, by the ways that the file says. A model gives the words of each event
    in ``_get_told_words`` and the address of its page in ``_get_portal_path``. Who
    calls makes sure that an event happens once.
    """

    _name = "beneficiary.told.mixin"
    _description = "News for a Person"

    def _tell_person(self, event):
        """Tell the person of each record of ``event``.

        :param event: a name that :meth:`_get_told_words` knows
        :return: the records whose person no message reaches
        """
        missed = self.browse()
        for record in self.with_user(SUPERUSER_ID):
            file = record.beneficiary_id
            ways = file._get_notice_channels()
            told = record.with_context(
                lang=file.lang or record.company_id._get_beneficiary_lang(),
                mail_create_nosubscribe=True,
            )
            if "email" in ways:
                told._mail_person(event)
            if "sms" in ways:
                told._text_person(event)
            if ways == ["hand"]:
                missed += record
        return missed.with_env(self.env)

    def _get_told_words(self, event):
        """Return ``(subject, text, words of the link)`` of an event, for the person."""
        raise NotImplementedError

    def _get_portal_path(self):
        """Return the address of the record's page, without the host."""
        raise NotImplementedError

    def _get_portal_link(self):
        return f"{self.get_base_url()}{self._get_portal_path()}"

    def _mail_person(self, event):
        subject, text, link = self._get_told_words(event)
        company = self.company_id
        sender = company.email_formatted or self.env.user.email_formatted
        body = Markup('<p>%s</p><p>%s</p><p><a href="%s">%s</a></p><p>%s</p>') % (
            self.env._("Dear %(name)s,", name=self.beneficiary_id.name),
            text,
            self._get_portal_link(),
            link,
            company.name,
        )
        body = self.env["res.lang"]._set_text_direction(body, self.env.lang)
        self.env["mail.mail"].create(
            {
                "model": self._name,
                "res_id": self.id,
                "author_id": company.partner_id.id,
                "is_internal": True,
                "record_company_id": company.id,
                "record_alias_domain_id": company.alias_domain_id.id,
                "subject": subject,
                "body": body,
                "body_html": body,
                "email_from": sender,
                "email_to": self.beneficiary_id.notice_email,
                "reply_to": self._notify_get_reply_to(default=sender)[self.id],
                "auto_delete": False,
            }
        )

    def _text_person(self, event):
        """Queue a text message; it says that there is news: telephones are shared."""
        subject, _text, _link = self._get_told_words(event)
        self._message_sms(
            f"{subject}\n{self._get_portal_link()}",
            sms_numbers=[identity.dialled(self.beneficiary_id.notice_phone)],
            put_in_queue=True,
            author_id=self.company_id.partner_id.id,
            is_internal=True,
        )
