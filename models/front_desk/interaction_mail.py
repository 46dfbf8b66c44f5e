from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import email_normalize, parse_contact_from_email

from ...rules import arabic


class InteractionMail(models.Model):
    """An e-mail to the association's address is logged as a contact.

    Its text and attachments stay in the chatter, as an internal note. A reply to an
    e-mail of the association is added to the contact of that e-mail.
    """

    _inherit = "beneficiary.interaction"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Log the first e-mail of a conversation, from any sender.

        :param dict custom_values: the defaults of the alias: its association
        """
        if not self.env.su:
            raise AccessError(self.env._("E-mails come in through the mail gateway."))
        # The gateway acts as the sender, and a portal user has no rights here.
        gateway = self.with_user(SUPERUSER_ID).sudo()
        company = gateway.env["res.company"].browse((custom_values or {})["company_id"])
        values = gateway.with_company(company)._prepare_mail_vals(company, msg_dict)
        interaction = super(InteractionMail, gateway.with_company(company)).message_new(
            msg_dict, values
        )
        interaction._note_mail(msg_dict)
        return interaction.with_env(self.env)

    def message_update(self, msg_dict, update_vals=None):
        """Add a reply to the contact that it answers."""
        self.check_access("write")
        result = super().message_update(msg_dict, update_vals)
        self._note_mail(msg_dict)
        return result

    @api.model
    def _prepare_mail_vals(self, company, msg_dict):
        """Return the values of the contact for an e-mail."""
        name, _address = parse_contact_from_email(msg_dict.get("email_from") or "")
        email = email_normalize(msg_dict.get("email_from")) or ""
        file = self._find_file_by_email(company, email)
        return {
            "company_id": company.id,
            "subject": msg_dict.get("subject")
            or self.env._("E-mail without a subject"),
            "channel_id": self._get_mail_channel(company).id,
            "direction": "in",
            "kind": "question",
            "officer_id": company._get_beneficiary_mail_officer().id,
            "beneficiary_id": file.id,
            "party_name": not file and (name or email or self.env._("Unknown sender")),
            "party_email": email,
        }

    @api.model
    def _find_file_by_email(self, company, email):
        """Return the only file with this address; none if several files share it."""
        if not email:
            return self.env["beneficiary.beneficiary"]
        files = self.env["beneficiary.beneficiary"]
        # Fast by index, but not exact: it may be a part of a longer address.
        found = files._get_in_key_domain("search_key", arabic.search_key(email))
        files = files.search(Domain("company_id", "=", company.id) & found)
        files = files.filtered(lambda file: email_normalize(file.email) == email)
        return files if len(files) == 1 else files.browse()

    @api.model
    def _get_mail_channel(self, company):
        """Return the channel that e-mail counts as.

        The board's policies have eight channels, and e-mail is not among them. It
        counts as the website, because the website shows the address and people also
        write there. If the policy has no website, it counts as the first channel that
        needs neither a branch nor a letter number.
        """
        channels = company._get_beneficiary_policy()._get_channels()
        plain = channels.filtered(
            lambda channel: not (channel.requires_branch or channel.is_letter)
        )
        return (channels.filtered("is_portal") or plain)[:1]

    def _note_mail(self, msg_dict):
        """Make the e-mail an internal note, and plan an activity to answer it."""
        msg_dict["is_internal"] = True
        self.sudo()._tell_of_news(lambda env: env._("An e-mail came in"))

    def _get_mail_author(self, email):
        """Return the sender's contact; empty for the visitor whose address is here."""
        author = self.beneficiary_id._get_mail_author(email)
        is_party = email and email == email_normalize(self.party_email)
        return self.env["res.partner"] if author is False and is_party else author

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Return the domain by which Odoo counts, and limits, one sender's contacts."""
        return [("party_email", "=", email_from_normalized)]
