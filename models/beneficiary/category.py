from odoo import fields, models


class Category(models.Model):
    """A category for eligibility: orphan, widow, low income, pilgrim, worker … (R45).

    Each category is meant for some kinds of file. Categories without a company are
    shared. Managers edit categories, all staff read them.
    """

    _name = "beneficiary.category"
    _inherit = [
        "beneficiary.kind.fit.mixin",
        "beneficiary.archive.mixin",
        "beneficiary.catalogue.mixin",
        "beneficiary.mixin",
    ]
    _description = "Category of Beneficiary"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "A category with this code already exists."
    )

    def _get_archive_problems(self):
        problems = self._get_open_request_problems(
            [("beneficiary_id.category_ids", "in", self.ids)]
        )
        # Without its last category a service would be meant for everybody.
        services = self.env["beneficiary.service"].search(
            [("category_ids", "in", self.ids)]
        )
        if services:
            problems.append(
                self.env._(
                    "These services are meant for it: %(services)s. Take it out of "
                    "them first.",
                    services=self._list_words(services.mapped("name")),
                )
            )
        return problems
