from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """The conversation on the portal needs the words of ``mail`` and of ours."""
        names = super()._get_translation_frontend_modules_name()
        return [*names, "mail", "beneficiary_relations"]
