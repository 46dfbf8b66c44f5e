from odoo import api, models

SEQUENCE = "beneficiary.letter"


class ResCompany(models.Model):
    """Each association numbers its letters by itself: no gap tells of another."""

    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._make_beneficiary_letter_sequences()
        return companies

    @api.model
    def _make_all_beneficiary_letter_sequences(self):
        """Give the associations that were there before the addon their numbers."""
        known = self._get_beneficiary_letter_sequences().company_id
        self.search([("id", "not in", known.ids)])._make_beneficiary_letter_sequences()

    @api.model
    def _get_beneficiary_letter_sequences(self):
        # Made with the company, not by hand.
        return self.env["ir.sequence"].sudo().search([("code", "=", SEQUENCE)])

    def _make_beneficiary_letter_sequences(self):
        self.env["ir.sequence"].sudo().create(  # as above
            [
                {
                    "name": self.env._("Decision Letters"),
                    "code": SEQUENCE,
                    "prefix": "L/%(year)s/",
                    "padding": 5,
                    "company_id": company.id,
                }
                for company in self
            ]
        )
