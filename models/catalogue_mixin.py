from odoo import fields, models


class CatalogueMixin(models.AbstractModel):
    """A list that all associations share, and that each adds lines of its own to.

    Lines without an association are shared: everybody reads them, administrators of
    the system alone change them, whichever association they work in. What an
    association adds is its own to read, change and archive. Record rules say so, the
    same two for each list.
    """

    _name = "beneficiary.catalogue.mixin"
    _description = "Shared List"

    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        default=lambda self: self._default_company_id(),
    )

    def _default_company_id(self):
        """What somebody adds is their association's; what is installed is shared."""
        return False if self.env.su else self.env.company
