from odoo import api, models
from odoo.fields import Domain

from ..mixins.desk_mixin import WEEK


class DocumentDesk(models.Model):
    """Whose turn it is with a paper: to renew it, or to match it."""

    _inherit = "beneficiary.document"

    @api.model
    def _get_is_mine_domain(self):
        """Return the domain of the papers in my files."""
        files = self.env["beneficiary.beneficiary"]
        return Domain("beneficiary_id", "any!", files._get_is_mine_domain())

    @api.model
    def _get_is_due_this_week_domain(self):
        return Domain("is_current", "=", True) & Domain("valid_until", "<", WEEK)

    @api.model
    def _get_waits_for_applicant_domain(self):
        """Return the domain of the papers that the person has to renew (R14)."""
        return Domain("is_current", "=", True) & Domain("validity", "=", "ended")

    @api.model
    def _get_waits_for_me_domain(self):
        """Return the domain of the papers in my files that nobody matched yet (R13)."""
        new = Domain("is_current", "=", True) & Domain("matched_on", "=", False)
        return new & self._get_is_mine_domain()
