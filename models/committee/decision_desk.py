from odoo import api, models
from odoo.fields import Domain

from ..mixins.desk_mixin import WEEK


class DecisionDesk(models.Model):
    """Whose turn it is with a decision: which members have not voted."""

    _inherit = "beneficiary.decision"

    @api.model
    def _get_is_mine_domain(self):
        """Return the domain of the decisions in which I have a ballot."""
        mine = Domain("user_id", "=", self.env.uid)
        return Domain("vote_ids", "any!", mine)

    @api.model
    def _get_is_due_this_week_domain(self):
        due = Domain("reply_due_on", "<", WEEK)
        return Domain("state", "=", "open") & Domain("request_id", "any!", due)

    @api.model
    def _get_waits_for_me_domain(self):
        ballots = self.env["beneficiary.vote"]._get_waiting_domain()
        return Domain("vote_ids", "any!", ballots)
