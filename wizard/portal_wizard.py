from odoo import api, models

from ..models.messages.mail_template import TO_PERSON


class PortalWizard(models.TransientModel):
    """Keeps applicants out of Odoo's wizard: their file invites them (R43)."""

    _inherit = "portal.wizard"

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards._check_partners()
        return wizards

    def write(self, vals):
        result = super().write(vals)
        if "partner_ids" in vals:
            self._check_partners()
        return result

    @api.depends("partner_ids")
    def _compute_user_ids(self):
        self._check_partners()  # before the form gets their e-mail
        return super()._compute_user_ids()

    def _check_partners(self):
        """Raise for applicants: Odoo reads the e-mail of each contact as superuser."""
        partners = self.sudo().partner_ids._origin
        partners.sudo(False)._check_no_applicants()


class PortalWizardUser(models.TransientModel):
    _inherit = "portal.wizard.user"

    @api.model_create_multi
    def create(self, vals_list):
        partners = self.env["res.partner"].browse(
            [vals["partner_id"] for vals in vals_list if vals.get("partner_id")]
        )
        partners._check_no_applicants()
        return super().create(vals_list)

    def write(self, vals):
        self.partner_id._check_no_applicants()
        return super().write(vals)

    def _update_partner_email(self):
        """Check here, because Odoo calls this before it changes an account."""
        self.partner_id._check_no_applicants()
        return super()._update_partner_email()

    def _send_email(self):
        """Send the mail to applicants without linking it to their account.

        The mail contains a link to set a password. Colleagues who may see the account
        could otherwise read the mail.
        """
        if not self.partner_id._filter_applicants():
            return super()._send_email()
        user = self.user_id.sudo()
        user.partner_id.signup_prepare()
        template = self.env.ref("auth_signup.portal_set_password_email").sudo()
        return template.with_context(
            dbname=self.env.cr.dbname,
            lang=user.lang,
            medium="portalinvite",
            **{TO_PERSON: True},
        ).send_mail(
            user.id,
            force_send=True,
            email_values={
                "model": False,
                "res_id": False,
                # Only to this address, not to other contacts that have the same one.
                "email_to": user.email,
                "recipient_ids": [],
                "partner_ids": [],
                "author_id": user.company_id.partner_id.id,
            },
        )
