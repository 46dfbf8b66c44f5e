from odoo import models
from odoo.tools import ormcache


class PolicyPortal(models.Model):
    """The steps of a policy, as the pages of applicants show them (R3, R26)."""

    _inherit = "beneficiary.policy"

    def _portal_get_steps(self):
        """Return ``(code, name, is_conditional)`` of each step, in the board's order.

        The steps of a policy that is or was in force are frozen, so they are kept.
        """
        policy = self.sudo()  # the steps are no secret
        if policy.state == "draft":
            return policy._portal_read_steps()
        return policy._portal_keep_steps()

    @ormcache("self.id", "self.env.lang")
    def _portal_keep_steps(self):
        return self._portal_read_steps()

    def _portal_read_steps(self):
        return tuple(
            (step.code, step.name, step.is_conditional) for step in self.step_ids
        )
