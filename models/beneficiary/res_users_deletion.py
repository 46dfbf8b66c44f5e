from odoo import SUPERUSER_ID, models
from odoo.fields import Domain


class ResUsersDeletion(models.Model):
    """Who deletes their account on the portal keeps their file (R43, R46).

    Odoo takes away the login, archives account and contact, and deletes both later
    unless something refers to them. The file, its contact and its conversations stay;
    the office is told; another invitation works.
    """

    _inherit = "res.users"

    def _deactivate_portal_user(self, **post):
        accounts = self.with_user(SUPERUSER_ID)
        own = accounts._get_followed_files().filtered(
            lambda file: file.portal_user_ids & accounts
        )
        agents = accounts.env["beneficiary.representative"].search(
            Domain("user_id", "in", accounts.ids)
        )
        spoken_for = agents.beneficiary_id
        result = super()._deactivate_portal_user(**post)
        for file in own:
            file.portal_user_ids -= accounts
        agents.user_id = False
        (own | spoken_for)._keep_after_deletion()
        return result
