from odoo import models


class Base(models.AbstractModel):
    """The one place where Odoo exports records: from lists and cards, and over RPC."""

    _inherit = "base"

    def export_data(self, fields_to_export):
        """Export, and log who exported which records of the addon (R43)."""
        # Exported first: what is refused leaves no line.
        exported = super().export_data(fields_to_export)
        self.env["beneficiary.export.log"]._add(self, list(fields_to_export))
        return exported
