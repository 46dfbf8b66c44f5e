from odoo import api, fields, models


class FileMixin(models.AbstractModel):
    """A record that is attached to a file by a field ``beneficiary_id``."""

    _name = "beneficiary.file.mixin"
    _description = "Attached to a File"

    @api.constrains("beneficiary_id")
    def _check_file_access(self):
        """Raise if the acting user may not read the file (delegates, R6).

        Nothing begins in a file that was merged: it is only kept to be read.
        """
        # Constraints run as superuser, but the acting user must be able to read it.
        self.beneficiary_id.sudo(False).check_access("read")
        self.beneficiary_id._refuse_merged()


class FileLineMixin(models.AbstractModel):
    """A record that is part of one file and deleted with it: dependants, income …"""

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
