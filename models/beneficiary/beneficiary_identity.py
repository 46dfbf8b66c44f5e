from collections import defaultdict
from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...rules import arabic, identity


class BeneficiaryIdentity(models.Model):
    """The identity of a file's person: its number is unique, and search finds it."""

    _inherit = "beneficiary.beneficiary"
    _rec_names_search = ["name", "file_number", "identity_number"]

    registration_number = fields.Char(
        copy=False, help="Licence or commercial registration of an organisation."
    )
    headcount = fields.Integer(
        help="Number of people in a group whose names are not recorded."
    )
    search_key = fields.Char(
        compute="_compute_search_key",
        store=True,
        prefetch=False,
    )

    _identity_unique = models.UniqueIndex(
        "(company_id, identity_number) WHERE identity_number IS NOT NULL",
        "A file with this identity number already exists in the association.",
    )
    # Without the extension pg_trgm the search works too, but more slowly.
    _search_key_trigram = models.Index(
        lambda registry: (
            "USING gin (search_key gin_trgm_ops)" if registry.has_trigram else ""
        )
    )

    @api.depends(
        "name", "file_number", "identity_number", "phone", "email", "former_numbers"
    )
    def _compute_search_key(self):
        for file in self:
            phone = file.phone or ""
            # A search for 05… must also find +9665…
            local = "0" + phone[4:] if phone.startswith("+966") else ""
            parts = [file.name, file.file_number, file.identity_number, phone, local]
            file.search_key = arabic.search_key(
                " ".join(filter(None, [*parts, file.email, file.former_numbers]))
            )

    @api.model
    def _search_display_name(self, operator, value):
        """Find by name, file number, identity number or telephone, in any form."""
        if operator == "in":  # an import refers to a file by one of these values
            digits = {arabic.ascii_digits(name) for name in value if name}
            return super()._search_display_name(operator, {*value, *digits})
        if operator not in ("ilike", "like", "=ilike", "=like") or not value:
            return super()._search_display_name(operator, value)
        key = arabic.search_key(value)
        domain = Domain("search_key", "like", key)
        # A text that is no telephone number is searched for as words only.
        with suppress(identity.IdentityError):
            domain |= Domain("search_key", "like", identity.phone(value))
        if digits := identity.written_digits(value):
            domain |= Domain("search_key", "like", digits)
        return domain

    @api.constrains("headcount")
    def _check_headcount(self):
        for file in self:
            if file.headcount < 0:
                raise ValidationError(self.env._("A headcount cannot be negative."))

    @api.model
    def _normalise(self, vals, identity_type=None):
        if number := vals.get("registration_number"):
            vals["registration_number"] = arabic.ascii_digits(number).strip()
        return super()._normalise(vals, identity_type)

    def _refuse_known_identities(self, vals_list):
        """Refuse an identity number that another file of the association has.

        The message names the other file if the user may read it. Otherwise it only
        says that there is one, and whom to ask. The unique index refuses the same
        number when two users save it at the same moment.
        """
        here = self.company_id.ids or self.env.company.ids
        numbers_by_company = defaultdict(set)
        for vals in vals_list:
            if number := vals.get("identity_number"):
                company = vals.get("company_id")
                for company_id in [company] if company else here:
                    numbers_by_company[company_id].add(number)
        for company, numbers in numbers_by_company.items():
            known = (
                self.sudo()  # a user who may not read it learns only that there is one
                .with_context(active_test=False)
                .search(
                    Domain("company_id", "=", company)
                    & Domain("identity_number", "in", numbers)
                    & Domain("id", "not in", self.ids),
                    limit=1,
                )
            )
            if known:
                raise ValidationError(self._get_known_identity_message(known))

    def _get_known_identity_message(self, known_sudo):
        if known := self.browse(known_sudo.id)._filtered_access("read"):
            return self.env._(
                "The identity number %(number)s already has the file %(file)s. Open "
                "that file instead.",
                number=known.identity_number,
                file=known.display_name,
            )
        return self.env._(
            "A file with this identity number already exists in the association, and "
            "you may not open it. Ask the manager for access."
        )
