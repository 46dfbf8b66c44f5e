from odoo import api, models


class IrUiMenu(models.Model):
    """Who works for general-assembly members alone sees the application named so (R2).

    The other menus name things and not people. Menus are loaded once for all companies
    of a user: who works for several audiences sees the neutral title.
    """

    _inherit = "ir.ui.menu"

    def load_web_menus(self, debug):
        menus = super().load_web_menus(debug)
        root = self.env.ref("beneficiary_relations.root_menu", raise_if_not_found=False)
        if root and root.id in menus and self._is_for_members():
            menus[root.id]["name"] = self.env._("Member Relations")
        return menus

    @api.model
    def _is_for_members(self):
        companies = self.env.user.company_ids
        audiences = {company._get_beneficiary_audience() for company in companies}
        return audiences == {"member"}
