from odoo import api, models


class HouseholdPortal(models.Model):
    """The card of the family on the portal's home page."""

    _inherit = "beneficiary.household.member"

    @api.model
    def _portal_get_card(self, files):
        """Return the card of the family; none where no file is a person's."""
        people = files.filtered(lambda file: file._is_person())
        if not people:
            return {}
        url = f"/my/file/{people.id}" if len(people) == 1 else "/my/file"
        return {
            "label": self.env._("My family"),
            "text": self.env._("Who depends on me, and who speaks for me"),
            "url": f"{url}#family",
            "icon": "fa-users",
            "counted": self.sudo()._search([("beneficiary_id", "in", people.ids)]),
        }
