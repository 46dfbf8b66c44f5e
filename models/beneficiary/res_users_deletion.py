from odoo import SUPERUSER_ID, models
from odoo.fields import Domain


class ResUsersDeletion(models.Model):
    """When an account on the portal is deleted, the file stays (R43, R46).

    Its owner deletes it on the portal: Odoo takes away the login, archives account and
    contact, and deletes both later unless something refers to them. An administrator
    deletes it at once. Either way the file, its contact and its conversations stay; the
    office is told; another invitation works.
    """

    _inherit = "res.users"

    def _deactivate_portal_user(self, **post):
        files = self._part_from_files()
        result = super()._deactivate_portal_user(**post)
        files._keep_after_deletion()
        return result

    def unlink(self):
        self.check_access("unlink")
        files = self._part_from_files()
        result = super().unlink()
        files._keep_after_deletion()
        return result

    def _part_from_files(self):
        """Part these accounts from the files that they follow, and return the files."""
        accounts = self.with_user(SUPERUSER_ID).filtered("share")
        files = accounts.env["beneficiary.beneficiary"].with_context(active_test=False)
        if not accounts:
            return files
        own = files.search([("portal_user_ids", "in", accounts.ids)])
        for file in own:
            file.portal_user_ids -= accounts
        agents = accounts.env["beneficiary.representative"].search(
            Domain("user_id", "in", accounts.ids)
        )
        agents.user_id = False
        return own | agents.beneficiary_id
