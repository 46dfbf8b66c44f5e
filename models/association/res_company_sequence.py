from odoo import api, models
from odoo.fields import Domain

LETTER = "beneficiary.letter"
SESSION = "beneficiary.committee.session"
FILE = "beneficiary.beneficiary"
REQUEST = "beneficiary.request"
DELIVERY = "beneficiary.delivery"
CONTACT = "beneficiary.interaction"
APPOINTMENT = "beneficiary.appointment"
DATA_REQUEST = "beneficiary.data.request"
DISBURSEMENT = "beneficiary.disbursement"
SEQUENCES = (
    LETTER,
    SESSION,
    FILE,
    REQUEST,
    DELIVERY,
    CONTACT,
    APPOINTMENT,
    DATA_REQUEST,
    DISBURSEMENT,
)


class ResCompany(models.Model):
    """Each association has sequences of its own (R43).

    So a gap reveals nothing about another association, and nobody uses up the numbers
    of others.

    Official papers are numbered without gaps, because a gap would look like a missing
    paper. A transaction that numbers one waits for the transaction before it. Requests,
    files, deliveries, enquiries and visits come in thousands, and their numbers may
    have gaps.
    """

    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._make_beneficiary_sequences()
        return companies

    def unlink(self):
        """Delete the sequences too: without an association they would be shared."""
        self.check_access("unlink")
        sequences = self.env["ir.sequence"].sudo()  # made with the company, not by hand
        ours = [("code", "in", SEQUENCES), ("company_id", "in", self.ids)]
        sequences.search(ours).unlink()
        return super().unlink()

    @api.model
    def _make_all_beneficiary_sequences(self):
        """Give sequences to the associations that existed before the addon."""
        self.search(Domain.TRUE)._make_beneficiary_sequences()

    def _make_beneficiary_sequences(self):
        """Give these associations the sequences that they still lack."""
        sequences = self.env["ir.sequence"].sudo()  # made with the company, by anybody
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
            {
                "name": self.env._("Enquiries and Complaints"),
                "code": CONTACT,
                "prefix": "E/%(year)s/",
                "padding": 5,
            },
            {
                "name": self.env._("Calls and Visits"),
                "code": APPOINTMENT,
                "prefix": "V/%(year)s/",
                "padding": 5,
            },
            {
                "name": self.env._("Requests About Data"),
                "code": DATA_REQUEST,
                "prefix": "PD/%(year)s/",
                "padding": 4,
            },
            {
                "name": self.env._("Lists of Disbursement"),
                "code": DISBURSEMENT,
                "implementation": "no_gap",
                "prefix": "DL/%(year)s/",
                "padding": 4,
            },
        ]
