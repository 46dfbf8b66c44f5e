from odoo import models


class BeneficiaryNews(models.Model):
    """News for the person of a file that belong to no notice: answers, results."""

    _inherit = "beneficiary.beneficiary"

    def _tell_directly(self, subject, text, path):
        """Tell the person, or who receives notices for them, with a link to a page.

        :param subject: returns the subject in the language of the environment it gets
        :param text: returns one or two sentences, likewise
        :param path: address of the page on the portal, without the host
        :return: whether somebody still has to tell the person by hand: no message
            reaches them. Nobody is told about a person who has died.
        """
        self.ensure_one()
        file = self.sudo()  # the addresses of guardians are theirs
        names = file._get_notice_channels()
        channels = {
            "email": "email" in names and file.notice_email,
            "sms": "sms" in names and file.notice_phone,
        }
        if any(channels.values()):
            words = self.with_context(lang=file.lang or self.env.lang).env
            self.env["beneficiary.direct.message"]._send(
                file.company_id,
                channels,
                words.lang,
                subject(words),
                text(words),
                f"{self.get_base_url()}{path}",
            )
        return names == ["hand"]
