from odoo import api, models


class WholeMixin(models.AbstractModel):
    """A line that is read whole: one query finds the lines of a record and reads them.

    Odoo asks first which lines a record has, and then what they say. The lines of one
    record are few, and who asks for them reads them.
    """

    _name = "beneficiary.whole.mixin"
    _description = "Line Read Whole"

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        if field_names and all(map(self._is_read_along, field_names)):
            field_names = None  # all that may be read, and is cheap to read
        return super().search_fetch(domain, field_names, offset, limit, order)

    @api.model
    def _is_read_along(self, name):
        field = self._fields.get(name)
        return (
            field is not None
            and field.store
            and field.prefetch is True
            and self._has_field_access(field, "read")
        )
