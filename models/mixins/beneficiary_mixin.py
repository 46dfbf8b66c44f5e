from odoo import fields, models
from odoo.exceptions import UserError


class BeneficiaryMixin(models.AbstractModel):
    """What every model of the addon shares: readable errors, audience wording."""

    _name = "beneficiary.mixin"
    _inherit = [
        "beneficiary.id.guard.mixin",
        "beneficiary.role.mixin",
        "beneficiary.wording.mixin",
        "beneficiary.constraint.mixin",
    ]
    _description = "Beneficiary Relations Mixin"

    # Field by which a file holds a record of this kind once: a merge leaves the other.
    _once_a_file = None

    def write(self, vals):
        if "company_id" in vals:
            self._check_company_stays(vals["company_id"])
        return super().write(vals)

    def _check_company_stays(self, company):
        """Raise if a record would leave its association for ``company``, an id (R43).

        What all associations share may become one association's own.
        """
        if "company_id" not in self._fields:
            return
        if self.sudo().company_id.ids not in ([], [company]):
            raise UserError(
                self.env._("A record stays with the association that it was made in.")
            )

    def _traverse_related_sql(self, alias, field, query):
        """Check access to the related field itself. When it groups, counts and sorts,
        Odoo only checks the target field, as superuser (R21, R43)."""
        self._check_field_access(field, "read")
        return super()._traverse_related_sql(alias, field, query)

    def _check_readable(self):
        """As ``check_access("read")``, in one query.

        Odoo asks rules that name lines of a record in Python, line by line.
        """
        if len(self.search([("id", "in", self.ids)])) < len(self):
            self.check_access("read")

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

    def _get_label(self, name, value=None):
        """Return what people read of a selection.

        :param name: the field
        :param value: one of its values; that of the record by default
        """
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels[value or self[name]]

    def _get_local_time(self, moment):
        """Return ``moment`` (UTC) by the clocks of the record's association."""
        zone = self.company_id._get_beneficiary_timezone()
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), moment)

    def _get_local_day(self, moment):
        """Return the date of ``moment`` (UTC) where the association is."""
        return self._get_local_time(moment).date()

    def _mail_get_partner_fields(self, introspect_fields=False):
        """The contact, where the user may know it: the chatter reads it for all."""
        names = super()._mail_get_partner_fields(introspect_fields=introspect_fields)
        return [
            name for name in names if self._has_field_access(self._fields[name], "read")
        ]

    def _move_to_file(self, name, file):
        """Point many2one ``name`` at ``file``: how a merge of files moves records.

        Overridden by models that refuse this to everybody else. What ``file`` has
        already, by :attr:`_once_a_file`, stays with the merged file.
        """
        moved = self
        if (key := self._once_a_file) and name == "beneficiary_id":
            known = {record[key] for record in self.search([(name, "=", file.id)])}
            moved = self.filtered(
                lambda record: not record[key] or record[key] not in known
            )
        moved.write({name: file.id})
