from odoo import api, models


class FileMixin(models.AbstractModel):
    """What is attached to a file, by a field ``beneficiary_id``."""

    _name = "beneficiary.file.mixin"
    _description = "Attached to a File"

    @api.constrains("beneficiary_id")
    def _check_file_access(self):
        """Nothing is attached to a file that one may not read (delegates, R6)."""
        # Constraints run as superuser: it is the acting user who must reach the file.
        self.beneficiary_id.sudo(False).check_access("read")
