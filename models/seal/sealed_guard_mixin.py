import hashlib

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


class SealedGuardMixin(models.AbstractModel):
    """The sealed fields of a record: their sealed values, and their protection.

    Once a record is sealed, ``write``, ``unlink`` and the ways around them to the
    database (``_write``, recomputed fields) refuse to change these fields, for
    everybody including the superuser. Other fields stay writable. An erasure by duty
    opens the fields again, and uninstalling the addon opens everything.

    The ORM does not see deletions that the database cascades, nor values that an
    ``ondelete`` empties. So many2one fields of a sealed model restrict, and a part is
    only deleted along with its whole. Verification finds changes made in the database
    itself.
    """

    _name = "beneficiary.sealed.guard.mixin"
    _description = "Guard of Sealed Fields"

    # Names of the fields that are sealed. Names may be added: an older seal is compared
    # only by the names that it has. A one2many field holds parts, and each part is
    # sealed with its own sealed fields.
    _sealed_fields = ()
    # The many2one to the record that this one is a part of; None for a whole.
    _sealed_whole = None

    # -- sealed values -----------------------------------------------------------------

    def _get_sealed_data(self):
        """Return the values of these records to seal, as ``{id: {name: value}}``.

        The number of queries does not depend on the number of records.
        """
        records = self.sudo().with_context(active_test=False)
        data = {record_id: {} for record_id in self.ids}
        for name in self._sealed_fields:
            for record_id, value in records._get_sealed_values(name).items():
                data[record_id][name] = value
        return data

    def _get_sealed_values(self, name):
        """Return the values of field ``name``, ready for a digest, by record."""
        field = self._fields[name]
        if field.type in ("binary", "image"):
            return self._get_sealed_files(name)
        if field.type == "one2many":
            parts = self[name]._get_sealed_data()
            return {
                record.id: [
                    {"id": part.id, **parts[part.id]}
                    for part in record[name].sorted("id")
                ]
                for record in self
            }
        values = {
            record.id: field.convert_to_read(record[name], record, False)
            for record in self
        }
        if field.type == "many2many":
            return {record_id: sorted(ids) for record_id, ids in values.items()}
        return values

    def _get_sealed_files(self, name):
        """Return the SHA-256 of the files in ``name``; one is in memory at a time."""
        digests = dict.fromkeys(self.ids, False)
        attachments = self.env["ir.attachment"].search_fetch(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", name),
                ("res_id", "in", self.ids),
            ],
            ["res_id", "store_fname"],
        )
        for attachment in attachments:
            content = attachment.with_prefetch().raw or b""
            digests[attachment.res_id] = hashlib.sha256(content).hexdigest()
            attachment.invalidate_recordset(["raw"])
        return digests

    # -- refused changes ---------------------------------------------------------------

    @api.model
    def _get_guarded_fields(self):
        """Return the names of the protected fields; parts protect their own fields."""
        names = {*self._sealed_fields, self._sealed_whole or "seal_id"}
        return {name for name in names if self._fields[name].type != "one2many"}

    def write(self, vals):
        if names := self._get_guarded_fields() & vals.keys():
            # Checked first: otherwise the answer would tell whether a guess was right.
            self.check_access("write")
            self._check_sealed_values({name: vals[name] for name in names})
        return super().write(vals)

    def unlink(self):
        self.check_access("unlink")
        self._check_no_sealed()
        return super().unlink()

    def _check_no_sealed(self):
        """Raise if one of these records, or the whole of a part, is sealed."""
        if not self._is_being_uninstalled() and (sealed := self._get_sealed()):
            raise UserError(
                self.env._(
                    "“%(record)s” is sealed: it is kept, and cannot be deleted.",
                    record=sealed[0].display_name,
                )
            )

    def _write_multi(self, vals_list):
        """Refuse changes that would reach the database past :meth:`write`.

        Recomputed fields take this way too. A value that does not change passes.
        """
        written = {name for vals in vals_list for name in vals}
        if names := sorted(self._get_guarded_fields() & written):
            stored = self._fetch_sealed(names)
            for record, vals in zip(self, vals_list, strict=True):
                record._check_same(stored.get(record.id, {}), vals)
        return super()._write_multi(vals_list)

    def _check_sealed_values(self, vals):
        """Raise if ``vals`` would change a sealed record; equal values pass."""
        for name in vals:
            self._check_field_access(self._fields[name], "write")
        for record in self._get_sealed():
            record._check_same({name: record[name] for name in vals}, vals)

    def _check_same(self, stored, vals):
        """Raise unless ``vals`` and ``stored`` agree in every field that both have."""
        for name in stored.keys() & vals.keys():
            field = self._fields[name]
            before, after = (
                field.convert_to_cache(values[name], self, validate=False)
                for values in (stored, vals)
            )
            if before != after:
                raise UserError(
                    self.env._(
                        "“%(record)s” is sealed: “%(field)s” can no longer be "
                        "changed. Record a correction as a new entry.",
                        record=self.sudo().display_name,
                        field=field._description_string(self.env),
                    )
                )

    def _get_sealed(self):
        """Return those of these records whose fields are protected."""
        records = self.sudo()
        whole = records[self._sealed_whole] if self._sealed_whole else records
        if not whole.seal_id:
            return records.browse()
        return records.browse(self._fetch_sealed([]))

    def _fetch_sealed(self, names):
        """Return the columns ``names`` as they are in the database, by record.

        Only records that are sealed and not erased by duty are returned. SQL is needed
        because the cache already holds the values about to be written.
        """
        whole = SQL.identifier("record")
        join = SQL()
        if self._sealed_whole:
            whole = SQL.identifier("whole")
            join = SQL(
                "JOIN %s AS whole ON whole.id = record.%s",
                SQL.identifier(
                    self.env[self._fields[self._sealed_whole].comodel_name]._table
                ),
                SQL.identifier(self._sealed_whole),
            )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %s
                  FROM %s AS record
                    %s
             LEFT JOIN beneficiary_seal_payload AS payload
                    ON payload.seal_id = %s.seal_id
                 WHERE %s.seal_id IS NOT NULL
                   AND payload.erased_on IS NULL
                   AND record.id = ANY(%s)
                """,
                SQL(", ").join(
                    SQL.identifier("record", name) for name in ("id", *names)
                ),
                SQL.identifier(self._table),
                join,
                whole,
                whole,
                self.ids,
            )
        )
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}

    def _is_being_uninstalled(self):
        """Whether the addon is being uninstalled; the context alone proves nothing."""
        return MODULE_UNINSTALL_FLAG in self.env.context and bool(
            self.env["ir.module.module"]
            .sudo()
            .search_count(
                [("name", "=", "beneficiary_relations"), ("state", "=", "to remove")]
            )
        )
