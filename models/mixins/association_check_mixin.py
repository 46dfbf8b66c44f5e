from odoo import models


class AssociationCheckMixin(models.AbstractModel):
    """Linked records belong to the association of the record (R43), in batches.

    Odoo checks record by record, and evaluates the same domain for each: that is a
    third of what the creation of many records costs. Here all records that share an
    association are checked with one look at each field. Odoo's own check follows if
    anything does not fit: it names what.
    """

    _name = "beneficiary.association.check.mixin"
    _description = "Links Inside One Association"

    def _check_company(self, fnames=None):
        if self._has_fitting_links(fnames):
            return None
        return super()._check_company(fnames)

    def _has_fitting_links(self, names):
        """Whether the records linked by these fields fit; False if in doubt.

        :param names: as ``_check_company`` takes them
        """
        if "company_id" not in self._fields:
            return False
        if names is None or {"company_id", "company_ids"} & {*names}:
            names = self._fields
        fields = [self._fields[name] for name in names]
        checked = [
            field for field in fields if field.relational and field.check_company
        ]
        if any(field.company_dependent for field in checked):
            return False
        records = self.sudo().with_context(active_test=False)
        return all(
            linked <= linked.filtered_domain(linked._check_company_domain(company))
            for company, same in records.grouped("company_id").items()
            for field in checked
            if (linked := same[field.name])
        )
