from odoo import api, fields, models


class FileMixin(models.AbstractModel):
    """What is attached to a file, by a field ``beneficiary_id``."""

    _name = "beneficiary.file.mixin"
    _description = "Attached to a File"

    @api.constrains("beneficiary_id")
    def _check_file_access(self):
        """Nothing is attached to a file that one may not read (delegates, R6)."""
        # Constraints run as superuser: it is the acting user who must reach the file.
        self.beneficiary_id.sudo(False).check_access("read")


class FileLineMixin(models.AbstractModel):
    """What belongs to one file, and goes with it: dependants, income, papers …"""

    _name = "beneficiary.file.line.mixin"
    _inherit = ["beneficiary.file.mixin"]
    _description = "Line of a File"

    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary",
        string="File",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="beneficiary_id.company_id", store=True, precompute=True
    )
