from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...rules import identity


class BeneficiaryImport(models.Model):
    """Import of files, with the identity number (in any script) as the key (R44)."""

    _inherit = "beneficiary.beneficiary"
    _import_key = ("identity_number",)
    _import_columns = (
        ("kind", ""),
        ("name", "مثال"),
        ("identity_type", ""),
        ("identity_number", "1000000008"),
        ("nationality_id", ""),
        ("identity_reason", ""),
        ("birth_date", "1990-01-31"),
        ("gender", ""),
        ("marital_state", ""),
        ("phone", "0500000001"),
        ("phone2", ""),
        ("email", "example@example.com"),
        ("street", ""),
        ("city", ""),
        ("short_address", "ABCD1234"),
        ("sponsor_name", ""),
        ("sponsor_number", ""),
        ("branch_id", ""),
    )

    @api.model
    def _clean_import_key(self, identity_number):
        # An invalid one is no file's number, and its row is refused later.
        return identity.any_number(identity_number or "") or None

    @api.model
    def _find_import_files(self, cells):
        """Return the ids of the files that cells of other sheets name.

        :param cells: identity numbers or file numbers, without spaces or marks
        :return: ``{cell: id}`` of the files that the acting user may know
        """
        numbers = {identity.any_number(cell): cell for cell in cells}
        files = self.with_context(active_test=False).search_fetch(
            Domain("company_id", "=", self.env.company.id)
            & (
                Domain("identity_number", "in", list(numbers))
                | Domain("file_number", "in", list(cells))
            ),
            ["identity_number", "file_number"],
        )
        return {
            cell: file.id
            for file in files
            for cell in (file.file_number, numbers.get(file.identity_number))
            if cell in cells
        }

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

    def _load_records_write(self, values):
        """Refuse to turn a person into a namesake in number of another state."""
        state = values.get("nationality_id")
        if (
            state
            and self.identity_type in identity.FOREIGN_TYPES
            and state != self.nationality_id.id
        ):
            raise ValidationError(
                self.env._(
                    "%(file)s has the number %(number)s from another state. Correct "
                    "the nationality in the sheet, or enter this person by hand.",
                    file=self.display_name,
                    number=self.identity_number,
                )
            )
        return super()._load_records_write(values)
