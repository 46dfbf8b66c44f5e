import secrets
from contextlib import suppress
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import consteq
from odoo.tools.misc import hmac

from ...rules import arabic, identity

FILE = "beneficiary.beneficiary"
SCOPE = "beneficiary_newcomer"
# Texts go to telephones of the Kingdom only: others cost an association too much.
COUNTRY_CODE = "+966"
LONGEST = {"name": 120, "city": 120, "need": 2000, "identity_number": 40, "phone": 40}
KEPT_DAYS = 1


class Newcomer(models.Model):
    """What an unknown person wrote about themselves on the portal (R47).

    The row waits until the telephone is confirmed by a code. Then the scheduled action
    makes the file, for an officer to check, and deletes the row. Whoever is known
    already gets the same pages in the same time: the office is told, and the file
    stays as it is.

    :Who may: nobody; only the methods here read and write it.
    """

    _name = "beneficiary.newcomer"
    _inherit = ["beneficiary.sweep.mixin", "beneficiary.mixin"]
    _description = "Newcomer on the Portal"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    code_key = fields.Char(required=True, index=True)
    name = fields.Char(required=True)
    identity_type = fields.Char(required=True)
    identity_number = fields.Char(required=True)
    phone = fields.Char(required=True)
    city = fields.Char()
    need = fields.Text()
    lang = fields.Char()
    asked_on = fields.Datetime(required=True, readonly=True, index=True)
    confirmed_on = fields.Datetime()

    _waiting = models.Index("(id) WHERE confirmed_on IS NOT NULL")

    # -- which association takes newcomers ---------------------------------------------

    @api.model
    def _get_open_companies(self, invitation=""):
        """Return, as superuser, the associations in which a visitor may be new.

        :param invitation: what stands in the link of an invitation
        """
        companies = self.env["res.company"].sudo()
        companies = companies.search(
            [("beneficiary_newcomers", "in", ("open", "invited"))]
        )
        return companies.filtered(
            lambda company: (
                company.beneficiary_newcomers == "open"
                or consteq(self._get_invitation(company), invitation)
            )
        )

    @api.model
    def _get_invitation(self, company):
        """Return the text in the association's link; a new nonce makes it void."""
        company = company.sudo()
        nonce = company.beneficiary_newcomer_nonce or ""
        return hmac(company.env, SCOPE, (company.id, nonce))[:32]

    @api.model
    def _void_invitations(self, company):
        """Make the association's link to its form void, and so give it another."""
        company.sudo().beneficiary_newcomer_nonce = secrets.token_urlsafe(12)

    # -- the form ----------------------------------------------------------------------

    @api.model
    def _read_form(self, typed):
        """Return (values, errors): what a visitor typed, as it would be stored.

        :param typed: texts by name of the field
        :return: errors are sentences by name of the field
        """
        values, errors = {}, {}
        for name, longest in LONGEST.items():
            values[name] = typed[name][:longest]
        if arabic.is_blank(values["name"]) or not any(map(str.isalpha, values["name"])):
            errors["name"] = self.env._("Write your full name.")
        try:
            values.update(self._read_identity(values["identity_number"]))
        except identity.IdentityError:
            errors["identity_number"] = self.env._(
                "Write your identity or residence number, ten digits, as on the card."
            )
        phone = ""
        with suppress(identity.IdentityError):
            phone = identity.dialled(identity.phone(values["phone"]))
        if phone.startswith(COUNTRY_CODE) and identity.is_mobile(phone):
            values["phone"] = phone
        else:
            errors["phone"] = self.env._("Write a Saudi mobile number: 05…")
        if arabic.is_blank(values["need"]):
            errors["need"] = self.env._("Write in a few words what you need.")
        return values, errors

    @api.model
    def _read_identity(self, typed):
        number = identity.national_identity(typed)
        kinds = {"citizen": "national", "resident": "iqama"}
        return {
            "identity_number": number,
            "identity_type": kinds[identity.identity_kind(number)],
        }

    @api.model
    def _keep(self, company, values, address, lang):
        """Keep the form, and send a code to its telephone.

        :return: the key that the browser keeps; "" when too many codes were asked for
        """
        codes = self.env["beneficiary.signin.code"]
        key = codes._ask(values["phone"], address, purpose="number", company=company)
        if key:
            self.sudo().create(
                {
                    **values,
                    "company_id": company.id,
                    "code_key": codes._digest("key", key),
                    "lang": lang,
                    "asked_on": fields.Datetime.now(),
                }
            )
        return key

    @api.model
    def _confirm(self, key, code):
        """Count a try; return whether the code confirms the telephone of the form."""
        codes = self.env["beneficiary.signin.code"]
        row = codes._try_code(key, code, purpose="number")
        if not row:
            return False
        row._use()
        newcomer = self.sudo().search([("code_key", "=", row.key_digest)], limit=1)
        newcomer.confirmed_on = fields.Datetime.now()
        cron = self.env.ref("beneficiary_relations.ir_cron_newcomer")
        cron.sudo()._trigger()  # visitors may not read scheduled actions
        return True

    # -- the file ----------------------------------------------------------------------

    @api.model
    def _cron_make_files(self):
        """Make the files of those who confirmed their telephone."""
        self._sweep(
            Domain("confirmed_on", "!=", False),
            self.__class__._make_files,
            order="id",
        )

    def _postpone(self, error):
        self.confirmed_on = False  # the log has the error; the row is soon forgotten

    def _make_files(self):
        for newcomer in self:
            newcomer._make_file()
        self.unlink()

    def _make_file(self):
        """Make a new file for an officer to check, or tell of a known one."""
        self.ensure_one()
        company = self.company_id
        files = self.env[FILE]
        known = files._search_identities(
            company.id, [(self.identity_number, self.identity_type, False)]
        )
        if not known:
            with suppress(UserError), self.env.cr.savepoint():
                file = files.create(self._prepare_file())
                file._tell_of_newcomer()
                return
            # The number stands elsewhere: with a dependant or a representative.
            file = files.create({**self._prepare_file(), "identity_number": False})
            file._note_newcomer(self)
            file._tell_of_newcomer()
            return
        known = known.merged_into_id or known
        known._note_newcomer(self)
        known._tell_of_newcomer()

    def _prepare_file(self):
        return {
            "name": self.name,
            "company_id": self.company_id.id,
            "identity_type": self.identity_type,
            "identity_number": self.identity_number,
            "phone": self.phone,
            "city": self.city,
            "lang": self.lang,
            "source": "portal",
            "newcomer_need": self.need,
            "branch_id": False,
            "officer_id": False,
        }

    @api.autovacuum
    def _gc_newcomers(self):
        """Forget forms whose telephone nobody confirmed."""
        old = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        forgotten = [("asked_on", "<", old), ("confirmed_on", "=", False)]
        self.sudo().search(forgotten, limit=10_000).unlink()
