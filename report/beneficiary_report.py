from odoo import api, models
from odoo.exceptions import AccessError

# Fields of a file that are printed, as the log of exports names them (R43).
FILE_FIELDS = (
    "name",
    "file_number",
    "kind",
    "identity_number",
    "birth_date",
    "phone",
    "email",
    "street",
    "city",
    "category_ids",
)
HOUSING_FIELDS = ("housing_kind", "housing_condition", "employment_state")
FINANCE_FIELDS = (
    "income_total",
    "expense_total",
    "income_line_ids",
    "housing_rent",
    "iban",
    "bank_account_holder",
)
HEALTH_FIELDS = ("disability", "chronic_illness", "health_conditions")


class BeneficiaryReport(models.AbstractModel):
    """The file on paper: what its reader may read, and no more (R40, R51).

    Staff alone print it. Who took it along is in the log of exports, however the
    report is called.
    """

    _name = "report.beneficiary_relations.beneficiary_report"
    _description = "Beneficiary File on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        if self.env.user.share:
            raise AccessError(self.env._("Staff of the association print files."))
        files = self.env["beneficiary.beneficiary"].browse(docids).exists()
        files.check_access("read")
        names = self._filter_readable(
            files, FILE_FIELDS + HOUSING_FIELDS + FINANCE_FIELDS + HEALTH_FIELDS
        )
        self.env["beneficiary.export.log"]._add(files, names)
        lines = {
            key: self._get_lines(model, files)
            for key, model in (
                ("members", "beneficiary.household.member"),
                ("representatives", "beneficiary.representative"),
                ("documents", "beneficiary.document"),
                ("requests", "beneficiary.request"),
                ("deliveries", "beneficiary.delivery"),
            )
        }
        return {
            "doc_ids": files.ids,
            "doc_model": files._name,
            "docs": files,
            "title": self.env._("Beneficiary file"),
            "lines": lines,
            "shows_finance": "iban" in names,
            "shows_health": "disability" in names,
        }

    @api.model
    def _filter_readable(self, files, names):
        """Return those of the fields ``names`` that the user may read."""
        return [
            name
            for name in names
            if files._has_field_access(files._fields[name], "read")
        ]

    @api.model
    def _get_lines(self, model, files):
        """Return the records of ``model`` that the user may read, by file."""
        records = self.env[model]
        if not records.has_access("read"):
            return {}
        found = records.search([("beneficiary_id", "in", files.ids)], order="id")
        return found.grouped("beneficiary_id")
