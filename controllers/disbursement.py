from odoo.exceptions import UserError
from odoo.http import Controller, content_disposition, request, route

from .import_template import XLSX


class Disbursement(Controller):
    """The sheet of a list of disbursement, for the bank (R52)."""

    @route(
        "/beneficiary_relations/disbursement/<int:disbursement_id>/bank.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def bank_sheet(self, disbursement_id):
        disbursement = request.env["beneficiary.disbursement"].browse(disbursement_id)
        disbursement = disbursement.exists()
        # The button makes the file; the address alone opens none.
        if not disbursement.has_access("read") or not disbursement.exported_on:
            raise request.not_found()
        try:
            sheet = disbursement._get_bank_sheet()
        except UserError as error:
            raise request.not_found() from error
        name = disbursement.name.replace("/", "-")
        return request.make_response(
            sheet,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
            ],
        )
