import secrets

from odoo import SUPERUSER_ID, Command, models
from odoo.exceptions import AccessDenied

# Type of the credential, as Odoo's own ``password`` and ``webauthn``.
CODE_CREDENTIAL = "beneficiary_code"


class ResUsersSignin(models.Model):
    """A one-time code is a credential of Odoo's own login (R46).

    The credential has a ``key``, which the browser got when it asked for a code, and
    the ``code`` that was typed. Cool-down, two factors and the session are Odoo's.
    """

    _inherit = "res.users"

    def _login(self, credential, user_agent_env):
        if credential.get("type") == CODE_CREDENTIAL:
            key, code = self._read_code_credential(credential)
            credential["login"] = self._get_signin_codes()._get_login(key, code)
        return super()._login(credential, user_agent_env)

    def _check_credentials(self, credential, env):
        if credential.get("type") != CODE_CREDENTIAL:
            return super()._check_credentials(credential, env)
        key, code = self._read_code_credential(credential)
        if not self._get_signin_codes()._take(key, code, self.env.user):
            raise AccessDenied()
        return {
            "uid": self.env.user.id,
            "auth_method": CODE_CREDENTIAL,
            "mfa": "default",
        }

    def _make_code_account(self, contact, company):
        """Make a portal account for ``contact`` that opens with codes alone (R46).

        It has no password, and a login that nobody needs to know.
        """
        return self.with_company(company)._create_user_from_template(
            {
                "login": f"portal-{secrets.token_hex(8)}",
                "partner_id": contact.id,
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
        )

    def _get_signin_codes(self):
        # Nobody is signed in yet, and nobody may read codes.
        return self.env["beneficiary.signin.code"].with_user(SUPERUSER_ID)

    def _read_code_credential(self, credential):
        """Return key and code, as texts: a credential is whatever somebody sent."""
        values = credential.get("key"), credential.get("code")
        return [value if isinstance(value, str) else "" for value in values]
