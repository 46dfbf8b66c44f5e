from odoo import models


class RequestDisbursement(models.Model):
    """A request whose money is with the bank (R52)."""

    _inherit = "beneficiary.request"

    def _guard_nothing_handed(self, given):
        """What is with the bank may be paid any moment."""
        problems = [
            problem
            for delivery in self.delivery_ids
            if (problem := delivery._get_list_problem())
        ]
        return super()._guard_nothing_handed(given) + problems
