from odoo import models


class BeneficiaryMixin(models.AbstractModel):
    """What every model of the addon shares: readable errors, audience wording."""

    _name = "beneficiary.mixin"
    _inherit = ["beneficiary.wording.mixin", "beneficiary.constraint.mixin"]
    _description = "Beneficiary Relations Mixin"

    def _describe(self, *names):
        """Return the values of fields ``names`` as people read them, line by line."""
        return "\n".join(
            " · ".join(
                str(value)
                for name in names
                if (value := self._fields[name].convert_to_export(record[name], record))
            )
            for record in self
        )

    def _mail_get_partner_fields(self, introspect_fields=False):
        """The contact, where the user may know it: the chatter reads it for all."""
        names = super()._mail_get_partner_fields(introspect_fields=introspect_fields)
        return [
            name for name in names if self._has_field_access(self._fields[name], "read")
        ]

    def _move_to_file(self, name, file):
        """Point many2one ``name`` at ``file``: how a merge of files moves records.

        Overridden by models that refuse this to everybody else, or that hold a
        record of this kind once for each file.
        """
        self.write({name: file.id})
