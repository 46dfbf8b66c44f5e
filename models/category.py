from odoo import api, fields, models
from odoo.exceptions import ValidationError


class Category(models.Model):
    """What makes people eligible: orphan, widow, low income, pilgrim, worker … (R45).

    Each fits some kinds of file. Categories without a company are shared. Managers
    edit them, all staff read them.
    """

    _name = "beneficiary.category"
    _inherit = ["beneficiary.mixin"]
    _description = "Category of Beneficiary"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", index="btree_not_null")
    # One for each kind of file: ``fits_`` and the kind.
    fits_person = fields.Boolean(string="Persons", default=True)
    fits_family = fields.Boolean(string="Families", default=True)
    fits_member = fields.Boolean(string="Members")
    fits_group = fields.Boolean(string="Groups")
    fits_place = fields.Boolean(string="Places")
    fits_animal = fields.Boolean(string="Animals and Water Points")
    fits_organisation = fields.Boolean(string="Organisations")
    fits_department = fields.Boolean(string="Departments")
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "A category with this code already exists."
    )

    @api.constrains(lambda self: self._get_kind_fields())
    def _check_fits_something(self):
        for category in self:
            if not any(category[name] for name in self._get_kind_fields()):
                raise ValidationError(
                    self.env._("Say which kinds of file this category fits.")
                )

    @api.model
    def _get_kind_fields(self):
        return [name for name in self._fields if name.startswith("fits_")]

    def _fits(self, kind):
        """Whether files of ``kind`` may be of this category."""
        self.ensure_one()
        return self[f"fits_{kind}"]
