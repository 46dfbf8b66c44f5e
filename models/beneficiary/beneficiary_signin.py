from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize
from odoo.tools.urls import urljoin

from ...rules import identity

SIGNIN_PATH = "/my/signin"


class BeneficiarySignin(models.Model):
    """A person without an e-mail gets in by a one-time code (R46).

    An invitation by text or on paper holds no secret: it leads to the page where the
    person types their number, and the code goes to the telephone of the account. The
    account has no password, and a login that nobody needs to know.
    """

    _inherit = "beneficiary.beneficiary"

    # -- invitations -------------------------------------------------------------------

    def _get_invitation_way(self):
        """Return how the person is invited when nobody chose: by e-mail, or by text."""
        if email_normalize(self.email) or not self._has_mobile():
            return "email"
        return "sms"

    def _has_mobile(self):
        return bool(self.phone and identity.is_mobile(self.phone) and self._is_texted())

    def _get_way_problem(self, way):
        """Return a sentence on why this way is closed, or an empty text."""
        if way not in ("email", "sms", "paper"):
            return self.env._("Choose e-mail, text message or paper.")
        if way == "email":
            if email_normalize(self.email):
                return ""
            return self.env._(
                "Write the person's e-mail or mobile number first: the invitation goes "
                "there."
            )
        if not self.company_id.beneficiary_signin_by_code:
            return self.env._(
                "This association has no sign-in by code. A manager turns it on in the "
                "settings."
            )
        if not self._has_mobile() and (way == "sms" or not email_normalize(self.email)):
            return self.env._(
                "Write the person's mobile number first: the codes to sign in go there."
            )
        return ""

    def _invite_by_code(self, way):
        """Open the person's account, and tell them by text unless the way is paper."""
        self.ensure_one()
        if not self._get_own_accounts():
            self._open_account()
        if way == "sms":
            self._text_invitation(self.phone, self.lang)

    def _text_invitation(self, phone, lang):
        """Send the link to the sign-in by code, which holds no secret.

        :raise UserError: when the provider does not take it
        """
        env = self.with_context(lang=lang or self.env.lang).env
        text = env._(
            "%(association)s invites you to its portal. Open %(link)s and type your "
            "mobile or identity number: a code comes to this telephone.",
            association=self.company_id.name,
            link=urljoin(self.get_base_url(), SIGNIN_PATH),
        )
        number = identity.dialled(phone)
        if not self.company_id._send_text_directly(number, text):
            raise UserError(
                self.env._(
                    "The text message could not be sent. Check the number, and the "
                    "provider of text messages, or invite the person on paper."
                )
            )

    # -- the account -------------------------------------------------------------------

    def _may_open_account(self):
        """Whether the first code opens an account for this file, without an invitation.

        Not where access was taken away, and not where nobody has looked yet at who
        made themselves known on the portal: they may have typed somebody else's name.
        """
        file = self.sudo()
        return (
            file.company_id.beneficiary_signin_opens_account
            and not file.is_portal_closed
            and not file.with_context(active_test=False).portal_user_ids
            and file._can_sign()
        )

    def _open_account(self):
        """Make an account without e-mail and password for this person (R46).

        :return: the account
        """
        self.ensure_one()
        # Constraints ask who acts: at the sign-in page this is nobody yet.
        file = self.with_user(SUPERUSER_ID).with_context({})
        contact = file._get_or_create_contacts()
        if contact.with_context(active_test=False).user_ids:
            file._part_from_account()
            contact = file.partner_id
        account = file.env["res.users"]._make_code_account(contact, file.company_id)
        file.portal_user_ids |= account
        file._message_log(
            body=file._with_office_language().env._(
                "The person's account on the portal was opened."
            )
        )
        return account

    def _keep_after_deletion(self):
        """Keep the contacts of these files, and tell the office of the deletion.

        The account of each file's person, or of a representative, was just deleted, and
        Odoo may have archived its contact.
        """
        for file in self.with_user(SUPERUSER_ID).with_context({}):
            contact = file.partner_id.with_context(active_test=False)
            contact.filtered(lambda partner: not partner.active).action_unarchive()
            file._message_log(
                body=file._with_office_language().env._(
                    "An account that followed this file on the portal was deleted. The "
                    "file stays as it is."
                )
            )
            file._tell_of_news(
                lambda env: env._(
                    "The account on the portal was deleted: ask how to reach them"
                )
            )

    def _with_office_language(self):
        return self.with_context(lang=self.company_id._get_beneficiary_lang())
