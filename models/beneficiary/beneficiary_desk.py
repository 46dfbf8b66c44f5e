from odoo import api, models
from odoo.fields import Domain

from ..mixins.desk_mixin import WEEK


class BeneficiaryDesk(models.Model):
    """Whose turn it is with a file, and what is done with many files at once."""

    _inherit = "beneficiary.beneficiary"

    @api.model
    def _get_is_due_this_week_domain(self):
        """Return the domain of the files to be reviewed within the week."""
        return Domain("state", "=", "active") & Domain("review_due_on", "<", WEEK)

    @api.model
    def _get_waits_for_applicant_domain(self):
        """Return the domain of the files of which a request waits for its applicant."""
        requests = self.env["beneficiary.request"]
        return Domain("request_ids", "any", requests._get_waits_for_applicant_domain())

    @api.model
    def _get_found_domain(self, question):
        if question == "waits_for_applicant":
            requests = self.env["beneficiary.request"]
            return Domain("request_ids", "any", requests._get_found_domain(question))
        return super()._get_found_domain(question)

    @api.model
    def _get_waits_for_me_domain(self):
        """Return the domain of my files to be opened, or reviewed."""
        new = Domain("state", "=", "new")
        return self._get_is_mine_domain() & (new | self._get_review_due_domain())

    @api.model
    def _get_review_due_domain(self):
        return Domain("state", "=", "active") & Domain("review_due_on", "<=", "today")

    def action_invite_each(self):
        """Invite those of these people who can be invited, and say who cannot (R46).

        An invitation leaves at once and cannot be taken back: each file stands alone.

        :return: a client action with the message
        """
        return self._on_each(lambda file: file.action_invite_to_portal(), alone=True)
