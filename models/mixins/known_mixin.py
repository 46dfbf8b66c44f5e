from odoo import api, fields, models


class KnownMixin(models.AbstractModel):
    """A form that says at once when another file has the number that is being typed.

    Nothing is refused: members of a household share a telephone. What must be unique
    is refused when it is saved. Forms that are only read ask nothing.
    """

    _name = "beneficiary.known.mixin"
    _description = "Numbers Known Elsewhere"

    # Names of the fields with the numbers; a model may lack some of them.
    _known_fields = ()

    known_file_ids = fields.Many2many(
        "beneficiary.beneficiary",
        compute="_compute_known_files",
        string="Files with This Number",
    )
    is_known_elsewhere = fields.Boolean(
        compute="_compute_known_files", string="Number of a File That You Do Not See"
    )

    @api.depends(
        lambda self: [name for name in self._known_fields if name in self._fields]
    )
    def _compute_known_files(self):
        """Show the files with this number that the user may read, while it is typed."""
        files = self.env["beneficiary.beneficiary"]
        self.known_file_ids = False
        self.is_known_elsewhere = False
        if not files.has_access("create"):
            return  # only who makes files is told of them
        for record in self.filtered(lambda record: not record.id):
            found = files._find_by_numbers(
                record.company_id or self.env.company, record._get_typed_numbers()
            )
            found -= record._get_own_files()
            readable = found.sudo(False)._filtered_access("read")
            record.known_file_ids = readable
            record.is_known_elsewhere = bool(found.sudo(False) - readable)

    def _get_typed_numbers(self):
        """Return the numbers that stand in the form, as they were typed."""
        self.ensure_one()
        return [
            self[name]
            for name in self._known_fields
            if name in self._fields and self[name]
        ]

    def _get_own_files(self):
        """Return the files that this record is about: they have the number rightly."""
        self.ensure_one()
        return self.beneficiary_id._origin
