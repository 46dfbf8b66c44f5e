from odoo import api, models


class FormMixin(models.AbstractModel):
    """A form of the addon: it shows its user only data that the user may read (R43).

    Odoo reads related and stored computed fields, and the names of linked records, as
    superuser. The user of a form chooses the record by its id. So the user needs the
    right to read every record that the form points at. The form checks this when it
    is saved, when it sends values, and before it computes values from the record.

    Fields of a form that depend on its record have ``related_sudo=False`` or
    ``compute_sudo=False``. Each compute method begins with :meth:`_check_targets`.
    """

    _name = "beneficiary.form.mixin"
    _inherit = [
        "beneficiary.id.guard.mixin",
        "beneficiary.role.mixin",
        "beneficiary.wording.mixin",
        "beneficiary.date.mixin",
        "beneficiary.text.mixin",
    ]
    _description = "Form of the Addon"

    @api.model
    def _get_target_names(self):
        """Return the names of the fields that point at the records of the form."""
        return [
            name
            for name, field in self._fields.items()
            if field.type in ("many2one", "many2many")
            and field.store
            and name not in models.MAGIC_COLUMNS
        ]

    @api.constrains(lambda self: self._get_target_names())
    def _check_targets(self):
        """Raise unless the user may read each record, even in a compute as superuser.

        :raise AccessError: the same error as when the user reads the record
        """
        for form in self.sudo(False):
            for name in self._get_target_names():
                if target := form[name]._origin:
                    target.check_access("read")

    def web_read(self, specification):
        """Check here, because ``onchange`` and ``web_save`` also answer through it."""
        self._check_targets()
        return super().web_read(specification)

    def _suggest(self, prompt, name, chosen=None):
        """Put the words of a chosen prompt into a text, and keep what was typed there.

        A prompt is a selection that has no default: the user says what was seen.

        :param prompt: name of the selection
        :param name: name of the text
        :param chosen: what was chosen elsewhere; by default, the value of the prompt
        """
        labels = dict(self._fields[prompt]._description_selection(self.env))
        if not self[name] or self[name] in labels.values():
            self[name] = labels.get(chosen or self[prompt])

    def _pass_on(self, record, method, names):
        """Call a public method of ``record`` with the form's input, and close the form.

        :param names: the form's fields that are passed; a record is passed by its id
        """
        given = {
            name: self[name].id if self._fields[name].relational else self[name]
            for name in names
        }
        getattr(record, method)(**given)
        return {"type": "ir.actions.act_window_close"}
