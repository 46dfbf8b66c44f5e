from datetime import datetime

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...rules import arabic

INTERNAL = "base.group_user"


class BeneficiaryMixin(models.AbstractModel):
    """Base of every model of the addon: readable errors, dates, audience wording."""

    _name = "beneficiary.mixin"
    _inherit = [
        "beneficiary.id.guard.mixin",
        "beneficiary.role.mixin",
        "beneficiary.wording.mixin",
        "beneficiary.branch.screen.mixin",
        "beneficiary.typed.search.mixin",
        "beneficiary.typed.values.mixin",
        "beneficiary.portal.section.mixin",
        "beneficiary.date.mixin",
        "beneficiary.once.mixin",
        "beneficiary.grouping.mixin",
        "beneficiary.page.mixin",
        "beneficiary.association.check.mixin",
        "beneficiary.text.mixin",
        "beneficiary.constraint.mixin",
    ]
    _description = "Beneficiary Relations Mixin"

    # Name of the field whose value a file may have once. When files are merged, a
    # record whose value the surviving file already has stays on the archived file.
    _once_a_file = None
    # Names of the fields that portal users may read, where they may read records.
    _portal_fields = None

    def write(self, vals):
        if "company_id" in vals:
            self._check_company_stays(vals["company_id"])
        return super().write(vals)

    def _check_company_stays(self, company):
        """Raise if a record would move to another association (R43).

        A shared record, which has no association, may be given to one.

        :param company: id of the association that is written
        """
        if "company_id" not in self._fields:
            return
        if self.sudo().company_id.ids not in ([], [company]):
            raise UserError(
                self.env._("A record stays with the association that it was made in.")
            )

    def _has_field_access(self, field, operation):
        """Let portal users read only the few fields that portal pages show (R43)."""
        if self.env.su:
            return True
        # Asked for each value of each row of a list: so the answer is in the cache.
        if not self.env.user.share:
            return field.groups == INTERNAL or super()._has_field_access(
                field, operation
            )
        names = self._portal_fields
        if names is not None and (operation != "read" or field.name not in names):
            return False
        return super()._has_field_access(field, operation)

    def _read_group_select(self, aggregate_spec, query):
        """Leave values that are not set out of an average (R29).

        Odoo stores zero for a number that nobody entered: a request that was not rated
        would lower the satisfaction. Here no stored number that is averaged is ever
        zero; a report's query leaves empty what is not known.
        """
        select = super()._read_group_select(aggregate_spec, query)
        name, _colon, function = aggregate_spec.partition(":")
        if function != "avg" or not self._auto:
            return select
        column = self._field_to_sql(self._table, name, query)
        return SQL("AVG(NULLIF(%s, 0))", column)

    def _traverse_related_sql(self, alias, field, query):
        """Check access to the related field itself (R21, R43).

        When grouping, counting and sorting, Odoo checks only the target field, and that
        as superuser.
        """
        self._check_field_access(field, "read")
        return super()._traverse_related_sql(alias, field, query)

    def _check_readable(self):
        """Do the same as ``check_access("read")``, in one query.

        Odoo would evaluate rules that name a record's lines in Python, line by line.
        """
        if len(self.search([("id", "in", self.ids)])) < len(self):
            self.check_access("read")

    def _describe(self, *names):
        """Return the displayed values of the fields ``names``, one line per record."""
        return "\n".join(
            " · ".join(
                str(value)
                for name in names
                if (value := self._fields[name].convert_to_export(record[name], record))
            )
            for record in self
        )

    def _list_words(self, words):
        """Return the words as one text, with the comma of the user's language."""
        return arabic.listed(words, self.env.lang or "")

    @api.model
    def _list_html(self, sentences):
        """Return ``sentences`` as a list for a screen; an empty text without any."""
        items = Markup("").join(Markup("<li>%s</li>") % text for text in sentences)
        return items and Markup("<ul class='mb-0'>%s</ul>") % items

    def _count_in_words(self, number, unit):
        """Return a number with its unit; see :func:`rules.arabic.counted`."""
        return arabic.counted(number, unit, self.env.lang or "")

    def _get_label(self, name, value=None):
        """Return the label of a selection value.

        :param name: the field
        :param value: one of the field's values; the record's own value by default
        """
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels[value or self[name]]

    def _get_local_time(self, moment):
        """Return ``moment`` (UTC) in the time zone of the record's association."""
        zone = self.company_id._get_beneficiary_timezone()
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), moment)

    def _get_local_day(self, moment):
        """Return the date of ``moment`` (UTC) in the association's time zone."""
        return self._get_local_time(moment).date()

    def _format_paper_day(self, value):
        """Return a day as papers write it: one way for all dates of a paper (R40).

        :param value: a date, or a moment (UTC); may be empty
        """
        if isinstance(value, datetime):
            value = self._get_local_day(value)
        return self.env["res.company"]._format_beneficiary_day(value)

    def _format_paper_both(self, value):
        """Return a day as papers write it, in both calendars (R40).

        :param value: as in :meth:`_format_paper_day`
        """
        if isinstance(value, datetime):
            value = self._get_local_day(value)
        days = [self._format_paper_day(value), self._format_hijri_long(value)]
        return " – ".join(filter(None, days))

    def _mail_get_partner_fields(self, introspect_fields=False):
        """Return only the contact fields that the user may read.

        The chatter reads these fields for every user.
        """
        names = super()._mail_get_partner_fields(introspect_fields=introspect_fields)
        return [
            name for name in names if self._has_field_access(self._fields[name], "read")
        ]

    def _move_to_file(self, name, file):
        """Point the many2one ``name`` at ``file``, as a merge of files does.

        Models that refuse this change to everybody else override this method. A record
        whose value of :attr:`_once_a_file` is already on ``file`` stays on the merged
        file.
        """
        moved = self
        if (key := self._once_a_file) and name == "beneficiary_id":
            known = {record[key] for record in self.search([(name, "=", file.id)])}
            moved = self.filtered(
                lambda record: not record[key] or record[key] not in known
            )
        moved.write({name: file.id})
