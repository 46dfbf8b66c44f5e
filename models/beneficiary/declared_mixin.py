from odoo import api, models


class DeclaredMixin(models.AbstractModel):
    """Data that applicants declare to be correct: a change voids the declaration (R16).

    Each model lists its declared fields and finds the files of its records.
    """

    _name = "beneficiary.declared.mixin"
    _description = "Declared Data"

    # Names of the fields that belong to a declared item.
    _declared_fields = frozenset()

    def _get_declared_files(self):
        """Return the files whose declared data are in these records."""
        return self.beneficiary_id

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._get_declared_files()._void_changed_declarations()
        return records

    def write(self, vals):
        if not self._declared_fields & vals.keys():
            return super().write(vals)
        files = self._get_declared_files()
        result = super().write(vals)
        (files | self._get_declared_files())._void_changed_declarations()
        return result

    def unlink(self):
        files = self._get_declared_files().exists()
        result = super().unlink()
        files.exists()._void_changed_declarations()
        return result
