from odoo import api, models


class RepresentativePortal(models.Model):
    """The periods of a representation, in words for the portal (R33)."""

    _inherit = "beneficiary.representative"

    def _portal_get_period(self):
        """Return from when to when this representation holds, in words."""
        self.ensure_one()
        begin = self._format_both(self.date_from)
        if not self.date_to:
            return self.env._("Since %(begin)s, until further notice", begin=begin)
        return self.env._(
            "From %(begin)s to %(end)s",
            begin=begin,
            end=self._format_both(self.date_to),
        )

    @api.model
    def _portal_get_all(self):
        """Return, as superuser, all representations of the acting user."""
        return self.sudo().search([("user_id", "=", self.env.uid)])
