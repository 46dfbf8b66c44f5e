import secrets
from contextlib import suppress
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import consteq
from odoo.tools.misc import hmac

from ...rules import identity

SCOPE = "beneficiary_signin_code"
DIGITS = 6
MINUTES = 5
MOST_TRIES = 5
# Most codes that are asked for in an hour for one number, and from one address. Both
# count unknown numbers too.
MOST_OF_NUMBER = 5
MOST_OF_ADDRESS = 30
# Most codes that leave in an hour for one association: texts cost money.
MOST_OF_ASSOCIATION = 500
# Most accounts that one number may stand for: a family shares a telephone.
MOST_ACCOUNTS = 5
# No telephone and no identity number is longer, with all its spaces.
LONGEST_NUMBER = 40
BATCH = 100
KEPT_DAYS = 2


class SigninCode(models.Model):
    """A one-time code by which a person is known by telephone or identity number (R46).

    A person types a number to ask for a code. This writes one row for any number:
    the scheduled action looks for the person a moment later, so the page answers alike
    and in the same time for a number that nobody has. The code itself is stored
    nowhere. The row keeps keyed digests of it, of the typed number, of the browser's
    key and of the network address.

    A code belongs to the browser that asked for it, to one account and one
    association; it works once, within some minutes and for some tries.

    :Who may: nobody; only the methods here read and write it.
    """

    _name = "beneficiary.signin.code"
    _inherit = ["beneficiary.mixin"]
    _description = "One-Time Code"

    purpose = fields.Selection(
        [("signin", "Sign In"), ("number", "Confirm a Number")], required=True
    )
    key_digest = fields.Char(required=True, index=True)
    number_digest = fields.Char(required=True)
    address_digest = fields.Char(required=True)
    asked_on = fields.Datetime(required=True, readonly=True, index=True)
    # Emptied as soon as the code was sent, or nobody was found.
    typed = fields.Char()
    company_id = fields.Many2one("res.company", ondelete="cascade")
    user_id = fields.Many2one("res.users", ondelete="cascade", index="btree_not_null")
    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary", ondelete="cascade", index="btree_not_null"
    )
    code_digest = fields.Char()
    sent_on = fields.Datetime()
    tries = fields.Integer(default=0, required=True, aggregator=None)
    used_on = fields.Datetime()

    _number_asked = models.Index("(number_digest, asked_on)")
    _address_asked = models.Index("(address_digest, asked_on)")
    _company_sent = models.Index("(company_id, sent_on) WHERE company_id IS NOT NULL")
    _waiting = models.Index("(id) WHERE typed IS NOT NULL")

    # -- asking ------------------------------------------------------------------------

    @api.model
    def _read_number(self, typed):
        """Return a typed number in the form in which it is looked for, or "" (R44)."""
        if len(typed) > LONGEST_NUMBER:
            return ""
        with suppress(identity.IdentityError):
            return identity.phone(typed)
        number = identity.any_number(typed)
        return number if any(letter.isdigit() for letter in number) else ""

    @api.model
    def _read_code(self, typed):
        """Return a typed code in ASCII digits, without spaces (R44)."""
        return identity.written_digits(typed) if len(typed) <= LONGEST_NUMBER else ""

    @api.model
    def _ask(self, number, address, purpose="signin", company=None):
        """Ask for a code for ``number``; the answer is the same for every number.

        :param number: as :meth:`_read_number` returns it
        :param address: network address of the browser
        :param purpose: ``signin``, or ``number`` to confirm the number itself
        :param company: the association that asks to confirm it
        :return: the key that the browser keeps; "" when too many codes were asked for
        """
        values = {
            "number_digest": self._digest("number", number),
            "address_digest": self._digest("address", address),
        }
        since = fields.Datetime.now() - timedelta(hours=1)
        for name, most in (
            ("number_digest", MOST_OF_NUMBER),
            ("address_digest", MOST_OF_ADDRESS),
        ):
            asked = [(name, "=", values[name]), ("asked_on", ">", since)]
            if self.sudo().search_count(asked, limit=most) >= most:
                return ""
        key = secrets.token_urlsafe(24)
        self.sudo().create(
            {
                **values,
                "purpose": purpose,
                "key_digest": self._digest("key", key),
                "asked_on": fields.Datetime.now(),
                "typed": number,
                "company_id": company and company.id,
            }
        )
        cron = self.env.ref("beneficiary_relations.ir_cron_signin_code")
        cron.sudo()._trigger()  # visitors may not read scheduled actions
        return key

    @api.model
    def _digest(self, kind, *values):
        return hmac(self.sudo().env, f"{SCOPE}_{kind}", values)

    # -- sending -----------------------------------------------------------------------

    @api.model
    def _cron_send_codes(self):
        """Send the codes that were asked for.

        Each row is committed before its code leaves: a code that arrives always works,
        and none leaves twice.
        """
        waiting = Domain("typed", "!=", False)
        for row in self.search(waiting, limit=BATCH, order="id"):
            row = row.try_lock_for_update().filtered_domain(waiting)
            letters = row._prepare_letters() if row else []
            more = self.env["ir.cron"]._commit_progress(
                len(row), remaining=self.search_count(waiting)
            )
            for send in letters:
                send()
            if not more:
                break

    def _prepare_letters(self):
        """Give this row's number its codes, and return functions that send them."""
        self.ensure_one()
        typed, is_late = self.typed, self._get_expiry() > self.asked_on
        self.typed = False
        if is_late:  # the scheduler stood still: the person has asked again
            return []
        if self.purpose == "number":
            receivers = [{"company": self.company_id, "phone": typed}]
        else:
            receivers = self._find_receivers(typed)
        rows = [self, *(self.copy() for _receiver in receivers[1:])]
        return [
            letter
            for row, receiver in zip(rows, receivers, strict=False)
            for letter in row._prepare_letter(receiver, is_one=len(receivers) == 1)
        ]

    def _prepare_letter(self, receiver, is_one):
        company = receiver["company"]
        if self._is_association_busy(company):
            return []
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        file = receiver.get("file")
        self.write(
            {
                "company_id": company.id,
                "user_id": receiver.get("user") and receiver["user"].id,
                "beneficiary_id": file and file.id,
                "code_digest": self._digest("code", self.key_digest, self.id, code),
                "sent_on": fields.Datetime.now(),
            }
        )
        env = self.with_context(lang=receiver.get("lang") or self.env.lang).env
        text = env._(
            "%(code)s is your code for %(association)s. It works once, for %(minutes)s "
            "minutes. Tell it to nobody, not even to us.",
            code=code,
            association=company.name,
            minutes=MINUTES,
        )
        if file and not is_one:
            text += " " + env._("File %(number)s.", number=file.file_number)
        subject = env._("Your code")
        if receiver.get("phone"):
            return [lambda: company._send_text_directly(receiver["phone"], text)]
        return [lambda: company._send_mail_directly(receiver["email"], subject, text)]

    @api.model
    def _is_association_busy(self, company):
        since = fields.Datetime.now() - timedelta(hours=1)
        sent = [("company_id", "=", company.id), ("sent_on", ">", since)]
        return self.search_count(sent, limit=MOST_OF_ASSOCIATION) >= MOST_OF_ASSOCIATION

    # -- who has the number ------------------------------------------------------------

    @api.model
    def _find_receivers(self, number):
        """Return the receivers of a code that was asked for with ``number``.

        The code goes to the account's own address, whatever number was typed: a new
        telephone in the file does not move an account (R43).

        :return: a list of dicts with company, file, lang, and user (none yet: the
            first code opens the account) and phone or email
        """
        companies = self.env["res.company"].search(
            [("beneficiary_signin_by_code", "=", True)]
        )
        here = Domain("company_id", "in", companies.ids)
        files = self.env["beneficiary.beneficiary"].search(
            here & self._get_person_domain(number), limit=MOST_ACCOUNTS
        )
        agents = self.env["beneficiary.representative"].search(
            here & self._get_holder_domain(number), limit=MOST_ACCOUNTS
        )
        followed = [
            (user, file) for file in files for user in file._get_own_accounts()
        ] + [
            (agent.user_id, agent.beneficiary_id)
            for agent in agents._filter_acting()
            if agent.user_id and not agent.beneficiary_id._is_deceased()
        ]
        receivers = {}
        for user, file in followed:
            if user.active and user._is_portal() and user not in receivers:
                receivers[user] = self._prepare_receiver(file, user)
        for file in files:
            if not file._get_own_accounts() and file._may_open_account():
                receivers[file] = self._prepare_receiver(file)
        reached = [one for one in receivers.values() if one["phone"] or one["email"]]
        return reached[:MOST_ACCOUNTS]

    @api.model
    def _get_person_domain(self, number):
        """Return the domain of the files whose person has ``number``.

        The number stands in the file, or it is the one of the person's account.
        """
        living = Domain("state", "!=", "deceased")
        account = Domain("share", "=", True) & Domain(
            "partner_id", "any", self.env["res.partner"]._get_phone_domain(number)
        )
        users = self.env["res.users"].search(account, limit=MOST_ACCOUNTS)
        return living & (
            self._get_holder_domain(number) | Domain("portal_user_ids", "in", users.ids)
        )

    @api.model
    def _get_holder_domain(self, number):
        return Domain("phone", "=", number) | Domain("identity_number", "=", number)

    @api.model
    def _prepare_receiver(self, file, user=None):
        person = user or file
        phone = ""
        if file._is_texted():
            with suppress(identity.IdentityError):
                phone = identity.dialled(identity.phone(person.phone or ""))
        return {
            "company": file.company_id,
            "file": file,
            "user": user,
            "lang": person.lang,
            "phone": phone if phone and identity.is_mobile(phone) else "",
            "email": person.email,
        }

    # -- trying ------------------------------------------------------------------------

    @api.model
    def _get_expiry(self):
        """Return the moment since which a code must have been sent to be valid."""
        return fields.Datetime.now() - timedelta(minutes=MINUTES)

    @api.model
    def _try_code(self, key, code, purpose="signin"):
        """Count a try, and return the row whose code it was; empty for all else.

        Unknown numbers, wrong codes, and codes that expired, were used or were tried
        too often are not told apart. The count is kept also when the answer is no.
        """
        digest = self._digest("key", key)
        self.flush_model()
        # Of two tries at the same moment PostgreSQL makes one wait for the other.
        self.env.cr.execute(
            """UPDATE beneficiary_signin_code SET tries = tries + 1
                WHERE key_digest = %s AND tries < %s
            RETURNING id""",
            [digest, MOST_TRIES],
        )
        rows = self.sudo().browse(row for (row,) in self.env.cr.fetchall())
        rows.invalidate_recordset(["tries"])
        return rows._filter_fitting(digest, code, purpose)

    def _filter_fitting(self, key_digest, code, purpose):
        """Return those of these rows that are valid now and have this code."""
        since = self._get_expiry()
        return self.filtered(
            lambda row: (
                row.purpose == purpose
                and row.code_digest
                and not row.used_on
                and row.sent_on > since
                and consteq(
                    row.code_digest, self._digest("code", key_digest, row.id, code)
                )
            )
        )[:1]

    def _use(self):
        """Make the codes of this row's key void: the right one was given."""
        rows = self.search([("key_digest", "=", self.key_digest)])
        rows.used_on = fields.Datetime.now()

    @api.model
    def _get_login(self, key, code):
        """Count a try, and return the login of the account that the code opens.

        :return: "", which is nobody's login, when the code opens none
        """
        row = self._try_code(key, code)
        if not row:
            return ""
        if not row.user_id:
            row.user_id = row.beneficiary_id._open_account()
        return row.user_id.login if row._is_for(row.user_id) else ""

    @api.model
    def _take(self, key, code, user):
        """Use up the code that opens the account of ``user``; return if it does."""
        digest = self._digest("key", key)
        rows = self.sudo().search([("key_digest", "=", digest)])
        row = rows._filter_fitting(digest, code, "signin")
        if not row or not row._is_for(user):
            return False
        row._use()
        return True

    def _is_for(self, user):
        """Whether this code lets ``user`` in: a portal user who follows its file."""
        return bool(
            user
            and user == self.user_id
            and user.active
            and user._is_portal()
            and user in self.beneficiary_id._get_portal_users()
            and self.company_id.beneficiary_signin_by_code
        )

    @api.autovacuum
    def _gc_codes(self):
        """Forget rows that no limit counts any more."""
        old = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.sudo().search([("asked_on", "<", old)], limit=10_000).unlink()
