from odoo import api, models
from odoo.fields import Domain

LETTER = "beneficiary.letter"
SESSION = "beneficiary.committee.session"
FILE = "beneficiary.beneficiary"
REQUEST = "beneficiary.request"
DELIVERY = "beneficiary.delivery"
SEQUENCES = (LETTER, SESSION, FILE, REQUEST, DELIVERY)


class ResCompany(models.Model):
    """Each association numbers what is its own by itself: no gap tells of another,
    and nobody uses up the numbers of others (R43).

    Official papers have no gap, which would look like a paper that is missing: who
    numbers them waits for who was first. Requests, files and deliveries come in
    thousands, and their numbers may have gaps.
    """

    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._make_beneficiary_sequences()
        return companies

    def unlink(self):
        """Delete the numbers too: without an association they would be shared."""
        self.check_access("unlink")
        sequences = self.env["ir.sequence"].sudo()  # made with the company, not by hand
        ours = [("code", "in", SEQUENCES), ("company_id", "in", self.ids)]
        sequences.search(ours).unlink()
        return super().unlink()

    @api.model
    def _make_all_beneficiary_sequences(self):
        """Give the associations that were there before the addon their numbers."""
        self.search(Domain.TRUE)._make_beneficiary_sequences()

    def _make_beneficiary_sequences(self):
        """Give these associations the sequences that they have not yet."""
        # Made with the company, not by hand.
        sequences = self.env["ir.sequence"].sudo()
        known = {
            (sequence.company_id, sequence.code)
            for sequence in sequences.search([("code", "in", SEQUENCES)])
        }
        sequences.create(
            [
                {**vals, "company_id": company.id}
                for company in self
                for vals in self._prepare_beneficiary_sequences()
                if (company, vals["code"]) not in known
            ]
        )

    @api.model
    def _prepare_beneficiary_sequences(self):
        return [
            {
                "name": self.env._("Decision Letters"),
                "code": LETTER,
                "implementation": "no_gap",
                "prefix": "L/%(year)s/",
                "padding": 5,
            },
            {
                "name": self.env._("Sessions of Committees"),
                "code": SESSION,
                "implementation": "no_gap",
                "prefix": "MTG/%(year)s/",
                "padding": 4,
            },
            {
                "name": self.env._("Beneficiary Files"),
                "code": FILE,
                "padding": 6,
            },
            {
                "name": self.env._("Support Requests"),
                "code": REQUEST,
                "prefix": "R/%(year)s/",
                "padding": 5,
            },
            {
                "name": self.env._("Deliveries"),
                "code": DELIVERY,
                "prefix": "D/%(year)s/",
                "padding": 5,
            },
        ]
