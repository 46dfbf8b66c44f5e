from odoo import api, models
from odoo.tools import ormcache

LANGUAGE = ("res.partner", "lang")


class IrDefault(models.Model):
    """The language of new contacts is the first language of the portal.

    Odoo looks it up for each page of each visitor, with two queries. It is kept, as
    Odoo keeps the defaults of a whole model: who writes a default clears the cache.
    """

    _inherit = "ir.default"

    @api.model
    def _get(
        self, model_name, field_name, user_id=False, company_id=False, condition=False
    ):
        scope = (user_id, company_id, condition)
        if (model_name, field_name) == LANGUAGE and not any(scope):
            return self._get_first_language()
        return super()._get(model_name, field_name, *scope)

    @api.model
    @ormcache()
    def _get_first_language(self):
        return super()._get(*LANGUAGE)
