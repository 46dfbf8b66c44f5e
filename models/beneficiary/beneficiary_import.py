from contextlib import suppress

from odoo import api, models

from ...rules import arabic, identity


class BeneficiaryImport(models.Model):
    """Import of files, with the identity number (in any script) as the key (R44)."""

    _inherit = "beneficiary.beneficiary"
    _import_key = ("identity_number",)
    _import_columns = (
        ("kind", ""),
        ("name", "مثال"),
        ("identity_type", ""),
        ("identity_number", "1000000008"),
        ("birth_date", "1990-01-31"),
        ("phone", "0500000001"),
        ("email", "example@example.com"),
        ("street", ""),
        ("city", ""),
        ("short_address", "ABCD1234"),
        ("branch_id", ""),
    )

    @api.model
    def _clean_import_key(self, identity_number):
        with suppress(identity.IdentityError):
            return identity.national_identity(identity_number or "")
        # A passport number, or an invalid one for which the row is refused later.
        return arabic.ascii_digits(identity_number or "").strip() or None

    @api.model
    def _find_import_keys(self, keys):
        files = self.with_context(active_test=False).search_fetch(
            [
                ("identity_number", "in", list(keys)),
                ("company_id", "=", self.env.company.id),
            ],
            ["identity_number"],
        )
        return {file.identity_number: file.id for file in files}
