from odoo import api, models
from odoo.fields import Domain

MOST = 100


class DeliveryPortal(models.Model):
    """All that was handed over to a person, on one page of the portal (R25)."""

    _inherit = "beneficiary.delivery"

    @api.model
    def _portal_get_card(self, files):
        return {
            "label": self.env._("My deliveries"),
            "text": self.env._("What is planned, and what you have received"),
            "url": "/my/deliveries",
            "icon": "fa-gift",
            "counted": self.sudo()._search(self._portal_domain(files)),
        }

    @api.model
    def _portal_domain(self, files):
        """Return the domain of the deliveries for files that the user follows."""
        return Domain("beneficiary_id", "in", files.ids)

    @api.model
    def _portal_get_all(self, files):
        """Return the acting user's deliveries, the latest first.

        :param files: the files that the user follows, as superuser
        :return: list of dicts: ``delivery`` (as superuser) and ``day`` (of the
            hand-over, or planned, in both calendars)
        """
        found = self.sudo().search(
            self._portal_domain(files), order="planned_date desc, id desc", limit=MOST
        )
        return [
            {
                "delivery": delivery,
                "day": self._format_both(delivery.handed_on or delivery.planned_date),
            }
            for delivery in found
        ]
