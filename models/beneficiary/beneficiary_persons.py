from odoo import api, models


class BeneficiaryPersons(models.Model):
    """A file's person is none of its dependants, and none of its representatives."""

    _inherit = "beneficiary.beneficiary"

    @api.constrains(
        "name", "identity_number", "identity_type", "nationality_id", "birth_date"
    )
    def _check_persons(self):
        self.household_member_ids._check_not_the_person()
        self.representative_ids._check_not_the_person()
