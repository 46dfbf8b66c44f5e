from odoo import api, models


class FormMixin(models.AbstractModel):
    """A form of the addon: it tells nothing that its user may not read (R43).

    Odoo reads related and stored computed fields, and the names of linked records, as
    superuser; and the user of a form chooses which record it is about, by its id. So
    the user has to be allowed to read every record that a form points at: when it is
    saved, when it answers, and before it computes anything from it.

    Fields of a form that follow from its record have ``related_sudo=False`` or
    ``compute_sudo=False``; a compute begins with :meth:`_check_targets`.
    """

    _name = "beneficiary.form.mixin"
    _inherit = [
        "beneficiary.id.guard.mixin",
        "beneficiary.role.mixin",
        "beneficiary.wording.mixin",
    ]
    _description = "Form of the Addon"

    @api.model
    def _get_target_names(self):
        """Return the names of the fields by which a user says what a form is about."""
        return [
            name
            for name, field in self._fields.items()
            if field.type in ("many2one", "many2many")
            and field.store
            and name not in models.MAGIC_COLUMNS
        ]

    @api.constrains(lambda self: self._get_target_names())
    def _check_targets(self):
        """Raise unless the user, whoever computes for them, may read each record.

        :raise AccessError: as reading the record itself would
        """
        for form in self.sudo(False):
            for name in self._get_target_names():
                if target := form[name]._origin:
                    target.check_access("read")

    def web_read(self, specification):
        """What ``onchange`` and ``web_save`` answer comes from here."""
        self._check_targets()
        return super().web_read(specification)
