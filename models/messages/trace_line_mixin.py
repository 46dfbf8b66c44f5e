from dataclasses import dataclass, field

from odoo import api, models
from odoo.exceptions import MissingError


@dataclass(frozen=True)
class Trace:
    """What is told of a line.

    :ivar text: the values that every reader of the record may read
    :ivar hidden: other values, by field; it is only told that they changed
    :ivar lang: language of the text
    """

    text: str = ""
    hidden: dict = field(default_factory=dict)
    lang: str | None = field(default=None, compare=False)


class TraceLineMixin(models.AbstractModel):
    """A line of a record, whose changes are told on that record.

    All that changes in the lines of a record in one transaction is one line of its
    note: which lines there were before, and which there are now.
    """

    _name = "beneficiary.trace.line.mixin"
    _description = "Line With a Trace"

    # The field that leads to the record, and the record's field of these lines.
    _traced_on = ()
    # The fields that are told, in their order.
    _traced_fields = ()

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._keep_trace(is_new=True)
        return lines

    def write(self, vals):
        parent = self._traced_on[0]
        if not {parent, *self._traced_fields} & vals.keys():
            return super().write(vals)
        self._keep_trace()
        result = super().write(vals)
        if parent in vals:  # lines that came from another record
            self._keep_trace(is_new=True)
        return result

    def unlink(self):
        self._keep_trace()
        return super().unlink()

    def _keep_trace(self, is_new=False):
        """Note on the record what these lines are, before they change."""
        parent, name = self._traced_on
        # As superuser: users may not read every field, and no value is shown here.
        for record, lines in self.sudo().grouped(parent).items():
            if record.id:
                empty = Trace(lang=self.env.lang)
                record._track_lines(
                    name,
                    {line.id: empty if is_new else line._get_trace() for line in lines},
                )

    def _get_trace(self):
        """Return the :class:`Trace` of this line."""
        self.ensure_one()
        told, hidden = [], {}
        for name in self._traced_fields:
            if self._fields[name].groups:
                hidden[name] = self[name] or False
            elif name != "active":
                told.append(name)
        words = [self._describe(*told)]
        if "active" in self._traced_fields and not self.active:
            words.append(self.env._("Archived"))
        return Trace(" · ".join(filter(None, words)), hidden, self.env.lang)

    def _get_trace_on(self, record, lang):
        """Return the trace of this line, empty if ``record`` no longer has it.

        :param lang: the language of the former trace, with which it is compared
        """
        line = self.with_context(lang=lang)
        try:
            return line._get_trace() if line[self._traced_on[0]] == record else Trace()
        except MissingError:
            return Trace()

    def _describe_trace(self, old, new):
        """Return the words for what a line is now, as a list of at most one text."""
        if not new.text:
            return []
        changed = [
            self._fields[name]._description_string(self.env)
            for name, value in new.hidden.items()
            if old.text and old.hidden[name] != value
        ]
        if not changed:
            return [new.text]
        note = self.env._("changed: %(fields)s", fields=self._list_words(changed))
        return [f"{new.text} ({note})"]
