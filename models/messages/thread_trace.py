from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import MissingError
from odoo.tools.mail import generate_tracking_message_id

from .thread_mixin import LOGGED

# Keys of a context by which Odoo writes without a trace.
UNTRACED = ("tracking_disable", "mail_notrack")
# Stands in a trace for a value that is not copied into it.
HIDDEN = "•••"


class ThreadTrace(models.AbstractModel):
    """Who changed what on a record, and what it was before.

    Fields with ``tracking`` leave a note when they change, and so do lines of the
    record, see ``beneficiary.trace.line.mixin``. All changes of one transaction are one
    note. Odoo shows each value only to those who may read its field.

    Anybody can send a key in a context over RPC, and the import screen sends one with
    each sheet: such a key does not switch the trace off. Only the superuser, who loads
    demo data and populates databases, may do without.
    """

    _inherit = "beneficiary.thread.mixin"

    # {field: number of last characters that a trace shows of its values}
    _masked_fields = {}

    def write(self, vals):
        records = self._with_trace()
        lists = [
            name
            for name in vals
            if name in self._fields and self._fields[name].type == "many2many"
        ]
        if lists and records._is_traced():
            super(ThreadTrace, records._filter_traced())._track_prepare(lists)
        records._note_author()
        return super(ThreadTrace, records).write(vals)

    def _note_author(self):
        """Note whose change this is: others may write these records after them.

        Odoo would take whoever wrote first in the transaction, even the superuser.
        """
        if self.env.uid != SUPERUSER_ID:
            authors = self._get_authors()
            for id_ in self.ids:
                authors.setdefault(id_, self.env.user)

    def _get_authors(self):
        """Return ``{id: user}`` of the changes in this transaction."""
        key = f"beneficiary.trace.author.{self._name}"
        return self.env.cr.precommit.data.setdefault(key, {})

    def _with_trace(self):
        """Return ``self`` without keys in the context that would leave no trace."""
        if self.env.uid == SUPERUSER_ID:
            return self
        sent = [key for key in UNTRACED if self.env.context.get(key)]
        return self.with_context(**dict.fromkeys(sent, False)) if sent else self

    def _is_traced(self):
        return not any(self._with_trace().env.context.get(key) for key in UNTRACED)

    def _track_get_fields(self):
        """Leave out related fields, which take ``tracking`` over from their source."""
        names = super()._track_get_fields() or set()
        return {name for name in names if self._fields[name].store}

    def _filter_traced(self):
        """Return those of these records whose changes are told."""
        return self

    def _track_prepare(self, fields_iter):
        """Leave out lists: they would cost a query each, on every write."""
        single = [
            name
            for name in fields_iter
            if self._fields[name].type not in ("one2many", "many2many")
        ]
        single = self._track_get_fields().intersection(single)
        if not single:
            return None
        return super(ThreadTrace, self._filter_traced())._track_prepare(single)

    def _track_lines(self, name, before):
        """Note what lines of this record were before they change.

        :param name: the field of the lines
        :param before: ``{id: trace}`` of the lines, as ``_get_trace`` returns it
        """
        if not self._is_traced() or not self._filter_traced():
            return
        self._note_author()
        precommit = self.env.cr.precommit
        traces = precommit.data.setdefault(f"mail.tracking.{self._name}", {})
        values = traces.setdefault(self.id, {})
        if values is None:  # the record is new: this is how it begins
            return
        kept = values.setdefault(name, {})
        for line_id, trace in before.items():
            kept.setdefault(line_id, trace)
        precommit.add(self._track_finalize)

    def _message_track(self, fields_iter, initial_values_dict):
        """Write the notes of all records at once, in two queries however many.

        Odoo writes them one by one.
        """
        if not fields_iter:
            return {}
        wanted = ("type", "selection", "currency_field")
        tracked = {
            name: self._fields[name].get_description(self.env, wanted)
            for name in fields_iter
        }
        tracking = {}
        for record in self:
            try:
                tracking[record.id] = record._mail_track(
                    tracked, initial_values_dict[record.id]
                )
            except MissingError:  # deleted in the same transaction
                continue
        changed = self.filtered(lambda record: tracking.get(record.id, ((), ()))[1])
        messages = changed._log_traces()
        self.env["mail.tracking.value"].create(
            [
                {**vals, "mail_message_id": message.id}
                for record, message in zip(changed, messages, strict=True)
                for _command, _id, vals in tracking[record.id][1]
            ]
        )
        return tracking

    def _log_traces(self):
        """Leave an empty note on each of these records, for the values to stand in.

        They are as Odoo's notes, but have no address for answers: nobody is sent one,
        and the address would be looked up in the association.
        """
        vals = {
            "model": self._name,
            "record_alias_domain_id": False,
            "record_company_id": False,
            "message_type": "notification",
            "is_internal": True,
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            "message_id": generate_tracking_message_id("message-notify"),
            "email_add_signature": False,
            "body": "",
        }
        authors = self._get_authors()
        logging = self.with_context(beneficiary_note=LOGGED)
        return logging._message_create(
            [
                {**vals, **self._prepare_author_vals(authors.get(id_)), "res_id": id_}
                for id_ in self.ids
            ]
        )

    @api.model
    def _prepare_author_vals(self, user):
        """Return the author of a note; without ``user`` it is the acting one."""
        author = (user or self.env.user).sudo().partner_id
        author_id, email = self._message_compute_author(author.id)
        return {"author_id": author_id, "email_from": email, "reply_to": email}

    def _mail_track(self, tracked_fields, initial_values):
        """Compare lines and masked fields in a way of their own."""
        own = {
            name: former
            for name, former in initial_values.items()
            if name in self._masked_fields or self._fields[name].type == "one2many"
        }
        changes, commands = super()._mail_track(
            tracked_fields,
            {name: initial_values[name] for name in initial_values.keys() - own.keys()},
        )
        for name in own.keys() & tracked_fields.keys():
            compare = (
                self._compare_masked
                if name in self._masked_fields
                else self._compare_lines
            )
            if texts := compare(name, own[name]):
                changes.add(name)
                commands.append([0, 0, self._prepare_trace_vals(name, *texts)])
        return changes, commands

    def _prepare_trace_vals(self, name, former, present):
        field = self.env["ir.model.fields"]._get(self._name, name)
        kind = "text" if field.ttype == "text" else "char"
        return {
            "field_id": field.id,
            f"old_value_{kind}": former,
            f"new_value_{kind}": present,
        }

    def _compare_masked(self, name, former):
        """Return the masked values before and now, or None if nothing changed."""
        if (former or False) == (self[name] or False):
            return None
        return self._mask(name, former), self._mask(name, self[name])

    @api.model
    def _mask(self, name, value):
        """Return as much of a value as a trace of the field ``name`` shows."""
        shown = self._masked_fields[name]
        return value and HIDDEN + (value[-shown:] if shown else "")

    def _compare_lines(self, name, before):
        """Return the texts of changed lines before and now, or None if there are none.

        :param before: what :meth:`_track_lines` noted
        """
        lines = self.env[self._fields[name].comodel_name].browse(before)
        former, present = [], []
        for line in lines:
            old = before[line.id]
            new = line._get_trace_on(self, old.lang)
            if old != new:
                former += old.text and [old.text]
                present += line._describe_trace(old, new)
        return ("; ".join(former), "; ".join(present)) if former or present else None
