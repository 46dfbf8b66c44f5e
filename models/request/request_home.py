from odoo import api, models


class RequestHome(models.Model):
    """The card of the requests on the portal's home page."""

    _inherit = "beneficiary.request"

    @api.model
    def _portal_get_card(self, files):
        """Return the card also before the first request: people start it here."""
        return {
            "label": self.env._("Requests"),
            "text": self.env._("Ask for a service, and follow your requests"),
            "url": "/my/requests",
            "icon": "fa-inbox",
            "counted": (
                self._search(self._portal_domain(files))
                if self.has_access("read")
                else None
            ),
        }
