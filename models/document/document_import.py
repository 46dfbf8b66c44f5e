from odoo import api, models

from ...rules import arabic


class DocumentImport(models.Model):
    """Import of papers; the file, the kind and the number are the key.

    A sheet names the file by its identity number or its file number.
    """

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
        file, kind, number = (arabic.number_line(str(cell or "")) for cell in cells)
        file = "".join(file.split())
        return (file, kind, number) if file and kind and number else None

    @api.model
    def _find_import_keys(self, keys):
        files = self.env["beneficiary.beneficiary"]._find_import_files(
            {file for file, _kind, _number in keys}
        )
        papers = self.search_fetch(
            [
                ("number", "in", [number for _file, _kind, number in keys]),
                ("beneficiary_id", "in", list(set(files.values()))),
            ],
            ["beneficiary_id", "type_id", "number"],
            order="id",  # of two versions the newer one counts
        )
        known = {
            (paper.beneficiary_id.id, paper.type_id.display_name, paper.number): paper
            for paper in papers
        }
        return {
            (file, kind, number): paper.id
            for file, kind, number in keys
            if (paper := known.get((files.get(file), kind, number)))
        }
