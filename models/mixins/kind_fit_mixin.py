from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class KindFitMixin(models.AbstractModel):
    """A record that is meant for some kinds of beneficiary, or for all (R32).

    The kinds are the options of the file's own ``kind`` field. Odoo keeps these options
    as records, so they can be translated, searched and shown as tags without a second
    list.
    """

    _name = "beneficiary.kind.fit.mixin"
    _description = "Meant for Kinds of File"

    kind_ids = fields.Many2many(
        "ir.model.fields.selection",
        string="Kinds of File",
        domain=lambda self: [("field_id", "=", self._get_kind_field_id())],
        help="Kinds of file that this is meant for. Empty means every kind.",
    )

    @api.model
    def _get_kind_field_id(self):
        return self.env["ir.model.fields"]._get_ids("beneficiary.beneficiary")["kind"]

    @api.constrains("kind_ids")
    def _check_kinds(self):
        """Refuse options of other fields: they are not kinds of beneficiary."""
        kind_field = self._get_kind_field_id()
        if any(option.field_id.id != kind_field for option in self.kind_ids):
            raise ValidationError(self.env._("Choose among the kinds of file."))

    @api.model
    def _get_kind_domain(self, kind):
        """Return the domain of records meant for ``kind``, a file's ``kind``."""
        return Domain("kind_ids", "=", False) | Domain("kind_ids.value", "=", kind)

    def _filter_by_kind(self, kind):
        """Return those of ``self`` that are meant for ``kind``, a file's ``kind``."""
        return self.filtered(
            lambda record: (
                not record.kind_ids or kind in record.kind_ids.mapped("value")
            )
        )
