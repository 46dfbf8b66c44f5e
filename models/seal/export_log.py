from odoo import api, fields, models
from odoo.exceptions import UserError

from ..mixins.id_guard_mixin import CONTACT, OURS

RATING = "rating.rating"
# Fields of Odoo's own records that say which model a record is about.
ABOUT = ("res_model", "model")


class ExportLog(models.Model):
    """Who took which data out of the system, and when (R43).

    One line for each association whose records were in an export. The line is written
    where Odoo exports: lists, cards and RPC all end in ``export_data``; a pivot table
    sends its own sheet.

    :Who may: managers and auditors read it. Nobody changes or deletes a line, not even
        the superuser.
    """

    _name = "beneficiary.export.log"
    _inherit = ["beneficiary.kept.mixin", "beneficiary.mixin"]
    _description = "Export of Data"
    _order = "exported_on desc, id desc"
    _rec_name = "res_model"

    company_id = fields.Many2one("res.company", required=True)
    user_id = fields.Many2one("res.users", string="Exported By", required=True)
    exported_on = fields.Datetime(required=True)
    res_model = fields.Char(string="Model", required=True)
    kind = fields.Char(
        string="What Was Exported", compute="_compute_kind", compute_sudo=True
    )
    record_count = fields.Integer(string="Number of Records", required=True)
    is_table = fields.Boolean(
        string="Pivot Table", help="The sheet of a pivot table: sums, no records."
    )
    record_ids = fields.Text(
        string="Records", help="The identifiers of the exported records."
    )
    field_names = fields.Text(string="Columns", required=True)
    columns = fields.Text(string="Titles", compute="_compute_columns")

    _company_order = models.Index("(company_id, exported_on DESC, id DESC)")
    _user = models.Index("(user_id, exported_on DESC)")

    @api.depends("res_model")
    def _compute_kind(self):
        for log in self:
            model = self.env["ir.model"]._get(log.res_model)
            log.kind = model.name or log.res_model

    @api.depends("res_model", "field_names")
    def _compute_columns(self):
        for log in self:
            paths = (log.field_names or "").splitlines()
            labels = [self._get_title(log.res_model, path) for path in paths]
            log.columns = self._list_words(labels)

    @api.model
    def _get_title(self, model, path):
        """Return the label of a column, as the user reads it."""
        titles = []
        for name in path.split("/"):
            field = self.env[model]._fields.get(name) if model in self.env else None
            if field is None:
                titles.append(name)
                break
            titles.append(field._description_string(self.env))
            model = field.comodel_name or ""
        return " / ".join(titles)

    @api.model
    def _add(self, records, paths):
        """Log that ``records`` are exported with the columns ``paths``.

        Records that tell of nobody's affairs here are left out.

        :param paths: the columns, as the names of fields with a slash between them
        :return: the new lines, as superuser
        """
        told = self._filter_told(records, paths)
        names = "\n".join(paths)
        has_company = "company_id" in records._fields
        by_company = told.grouped(
            lambda one: (one.company_id if has_company else None) or self.env.company
        )
        return self._write_lines(
            records._name,
            names,
            {company: some.ids for company, some in by_company.items()},
        )

    @api.model
    def _add_table(self, model, titles, count):
        """Log that a pivot table of ``model`` is taken along as a sheet.

        The sheet has sums and no records; its rows may be the names of people.

        :param titles: what the table measures, as the user read it
        :param count: number of its rows
        """
        if model in self.env and model.startswith((OURS, RATING)):
            self.env[model].check_access("read")
            self._write_lines(
                model,
                "\n".join(titles),
                dict.fromkeys(self.env.companies, range(count)),
                is_table=True,
            )

    @api.model
    def _write_lines(self, model, names, by_company, is_table=False):
        return self.sudo().create(  # nobody writes lines by hand
            [
                {
                    "company_id": company.id,
                    "user_id": self.env.uid,
                    "exported_on": fields.Datetime.now(),
                    "res_model": model,
                    "record_count": len(ids),
                    "is_table": is_table,
                    "record_ids": not is_table and ", ".join(map(str, ids)),
                    "field_names": names,
                }
                for company, ids in by_company.items()
            ]
        )

    @api.model
    def _filter_told(self, records, paths):
        """Return, as superuser, the records that belong to the addon, or tell of it."""
        records = records.sudo()  # to sort them only
        if any(self._is_ours(records, path) for path in paths):
            return records
        if records._name == CONTACT:
            return records.filtered("is_beneficiary_contact")
        for name in ABOUT:
            if name in records._fields:
                return records.filtered(
                    lambda one, name=name: (one[name] or "").startswith(OURS)
                )
        return records.browse()

    @api.model
    def _is_ours(self, records, path):
        """Whether one of the models that a column leads through is the addon's."""
        model = records._name
        for name in path.split("/"):
            if not model or model.startswith(OURS):
                break
            field = self.env[model]._fields.get(name)
            model = field.comodel_name if field is not None else None
        return bool(model) and model.startswith(OURS)

    def _refuse(self):
        self.check_access("write")
        if self:
            raise UserError(
                self.env._("The log of exports cannot be changed or deleted.")
            )
