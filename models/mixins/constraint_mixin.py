import re
from contextlib import contextmanager

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache

from .refusal import PLACES

# A mark in a context. It is an object, and nobody can send an object over RPC.
WHOLE = object()


class ConstraintMixin(models.AbstractModel):
    """Database errors as readable messages.

    Unique, check, not-null and foreign-key errors surface where the ORM call is
    made, as a translated ``ValidationError`` and with the transaction still
    usable, so that a portal form, a wizard or an import can say what to do and
    keep the typed values. Over RPC Odoo would translate these errors only at the end of
    the request.
    """

    _name = "beneficiary.constraint.mixin"
    _description = "Readable Database Constraints"

    @api.model
    @ormcache()
    def _get_constrained_fields(self):
        """Return the names of fields that our constraints and unique indexes read."""
        words = {
            word
            for table_object in self._table_objects.values()
            # A plain index refuses nothing.
            if getattr(table_object, "unique", True)
            for word in re.findall(r"\w+", table_object.get_definition(self.pool))
        }
        return frozenset(words & self._fields.keys())

    @contextmanager
    def _readable_database_errors(self):
        """Turn an integrity error raised inside into a ``ValidationError``."""
        transaction = self.env.transaction
        transaction.flush()
        try:
            # Odoo's own flush would also run what waits for the commit, and so end the
            # trace of a change in the middle of it.
            with self.env.cr.savepoint(flush=False):
                yield
                transaction.flush()
        except psycopg2.IntegrityError as error:
            transaction.clear()
            raise ValidationError(self._sql_error_to_message(error)) from error
        except BaseException:
            transaction.clear()
            raise

    def _validate_fields(self, field_names, excluded_names=()):
        """Let a refused constraint lead to its fields, see :mod:`.refusal`."""
        try:
            return super()._validate_fields(field_names, excluded_names)
        except ValidationError as error:
            names = self._find_refused_fields()
            if names and not hasattr(error, "context"):
                error.context = {PLACES: [{"model": self._name, "fields": names}]}
            raise

    def _find_refused_fields(self):
        """Return the fields of the first constraint that these records break."""
        for check in self._constraint_methods:
            try:
                check(self.sudo())
            except (ValidationError, UserError):
                return [*check._constrains]
        return []

    @api.model
    def _without_defaults(self, names):
        """Return ``self`` without context defaults for the fields ``names``.

        Anyone can send a default over RPC. A default must not write a field that a
        value may not write.
        """
        context = {
            key: value
            for key, value in self.env.context.items()
            if not (key.startswith("default_") and key[8:] in names)
        }
        return self.with_context(context)

    @api.model_create_multi
    def create(self, vals_list):
        if not vals_list or self.env.context.get("beneficiary_whole") is WHOLE:
            return super().create(vals_list)
        with self._readable_database_errors():
            return super().create(vals_list)

    @api.model
    def _create_lines(self, vals_list):
        """Create records of a larger work that fails as a whole, without a savepoint.

        If the database refuses one, nothing goes on in this transaction; Odoo says why
        at the end of the request. For values that only the addon gives.
        """
        lines = self.with_context(beneficiary_whole=WHOLE).create(vals_list)
        return lines.with_env(self.env)

    def write(self, vals):
        if not self or not self._get_constrained_fields() & vals.keys():
            return super().write(vals)
        with self._readable_database_errors():
            return super().write(vals)

    def _write_each(self, vals_list):
        """Write different values to each record, checked by the database all at once.

        This bypasses the refusals of ``write``. Use it for fields that only methods of
        the addon write.

        :param vals_list: values of each record, in the order of the records
        """
        if not self:
            return True
        with self._readable_database_errors():
            return all(
                super(ConstraintMixin, record).write(vals)
                for record, vals in zip(self, vals_list, strict=True)
            )

    def unlink(self):
        with self._readable_database_errors():
            return super().unlink()
