from odoo import api, models

from ...rules import identity


class HouseholdImport(models.Model):
    """Import of dependants. The key is the file's identity number and their own."""

    _inherit = "beneficiary.household.member"
    _import_key = ("beneficiary_id", "identity_number")
    _import_columns = (
        ("beneficiary_id", "1000000008"),
        ("name", "مثال"),
        ("relation", ""),
        ("gender", ""),
        ("identity_type", ""),
        ("identity_number", "1000000016"),
        ("nationality_id", ""),
        ("identity_reason", ""),
        ("birth_date", "2015-01-31"),
        ("schooling", ""),
    )

    @api.model
    def _clean_import_key(self, *cells):
        file, number = (identity.any_number(cell or "") for cell in cells)
        return (file, number) if file and number else None

    @api.model
    def _find_import_keys(self, keys):
        members = self.with_context(active_test=False).search_fetch(
            [
                ("identity_number", "in", [number for _file, number in keys]),
                ("beneficiary_id.identity_number", "in", [file for file, _n in keys]),
            ],
            ["beneficiary_id", "identity_number"],
        )
        return {
            (member.beneficiary_id.identity_number, member.identity_number): member.id
            for member in members
        }
