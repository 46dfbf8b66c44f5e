from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """The conversation on the portal needs the translations of ``mail``."""
        return [*super()._get_translation_frontend_modules_name(), "mail"]
