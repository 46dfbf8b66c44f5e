from odoo import api, models


class DecisionLetterReport(models.AbstractModel):
    """Prints only letters of released replies, however the report is called."""

    _name = "report.beneficiary_relations.decision_letter"
    _description = "Decision Letter"

    @api.model
    def _get_report_values(self, docids, data=None):
        decisions = self.env["beneficiary.decision"].browse(docids).exists()
        return {
            "doc_ids": decisions.ids,
            "doc_model": decisions._name,
            "docs": decisions._get_printable_letters(),
        }
