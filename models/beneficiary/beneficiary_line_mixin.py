from odoo import api, fields, models
from odoo.tools import SQL

from ..mixins.grouping_mixin import Groups


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

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Order by the file as Odoo does, along the index of an association's files.

        Each line has a file, of the same association. So PostgreSQL may begin with the
        first files by name, and need not read all lines to sort them.
        """
        if field_name != "beneficiary_id" or isinstance(query, Groups):
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        files = self.env["beneficiary.beneficiary"]
        file = query.make_alias(alias, "file_order")
        query.add_join(
            "JOIN",
            file,
            files._table,
            SQL(
                "%s = %s AND %s = %s",
                self._field_to_sql(alias, "beneficiary_id", query),
                SQL.identifier(file, "id"),
                self._field_to_sql(alias, "company_id", query),
                SQL.identifier(file, "company_id"),
            ),
        )
        reverse = direction.code == "DESC"
        return files._order_to_sql(files._order, query, alias=file, reverse=reverse)
