from odoo import api, models

from ...rules import arabic, identity


class DocumentImport(models.Model):
    """Import of papers; the file's identity number, kind and number are the key."""

    _inherit = "beneficiary.document"
    _import_key = ("beneficiary_id", "type_id", "number")
    _import_columns = (
        ("beneficiary_id", "1000000008"),
        ("type_id", ""),
        ("number", "1000000008"),
        ("issue_date", "2025-01-01"),
        ("expiry_date", "2030-01-01"),
    )

    @api.model
    def _clean_import_key(self, *cells):
        file, kind, number = (arabic.number_line(cell or "") for cell in cells)
        file = identity.any_number(file)
        return (file, kind, number) if file and kind and number else None

    @api.model
    def _find_import_keys(self, keys):
        papers = self.search_fetch(
            [
                ("number", "in", [number for _file, _kind, number in keys]),
                (
                    "beneficiary_id.identity_number",
                    "in",
                    [file for file, _kind, _number in keys],
                ),
            ],
            ["beneficiary_id", "type_id", "number"],
            order="id",  # of two versions the newer one counts
        )
        return {
            (
                paper.beneficiary_id.identity_number,
                paper.type_id.display_name,
                paper.number,
            ): paper.id
            for paper in papers
        }
