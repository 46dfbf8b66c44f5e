from datetime import date, datetime, time

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date, get_lang, ormcache

from ...rules import arabic, dates, hijri


class DateMixin(models.AbstractModel):
    """Dates that people type: read in either calendar, and dates that can be true.

    Forms, imports and RPC follow the same rule (R38, R44). Two parameters of a field
    say what a date is:

    - ``span`` of a date: one of :data:`rules.dates.SPANS`. A date that nobody can type,
      because it is read-only, needs none; every other date is at least of ``any``.
    - ``hijri_of`` of a text: the date whose Hijri side the text shows. What a card says
      in Hijri is kept as it was typed. A date that was typed as Gregorian is shown by
      the Umm al-Qura calendar, where its table has the date.
    """

    _name = "beneficiary.date.mixin"
    _description = "Dates in Both Calendars"

    def _valid_field_parameter(self, field, name):
        return name in ("span", "hijri_of") or super()._valid_field_parameter(
            field, name
        )

    @api.model
    @ormcache()
    def _get_typed_dates(self):
        """Return ``{field: span}`` of the dates that people type."""
        return {
            name: getattr(field, "span", "any")
            for name, field in self._fields.items()
            if field.type in ("date", "datetime")
            and field.store
            and (hasattr(field, "span") or not field.readonly)
        }

    @api.model
    @ormcache()
    def _get_hijri_texts(self):
        """Return ``{text field: date field}``."""
        return {
            name: field.hijri_of
            for name, field in self._fields.items()
            if getattr(field, "hijri_of", None)
        }

    @api.depends(lambda self: tuple(self._get_hijri_texts().values()))
    def _compute_hijri_texts(self):
        for record in self:
            for name, date_name in self._get_hijri_texts().items():
                record[name] = record._get_hijri_text(date_name)

    def _get_hijri_text(self, name):
        """Return the Hijri text of the date ``name``, or False where there is none."""
        return hijri.text(self[name] or None) or False

    @api.constrains(lambda self: tuple(self._get_typed_dates()))
    def _check_typed_dates(self):
        """Refuse a date that cannot be true: a wrong year, or a day yet to come."""
        for name, kind in self._get_typed_dates().items():
            for record in self.filtered(name):
                record._check_span(name, kind)

    def _check_span(self, name, kind):
        company = (
            self.company_id if "company_id" in self._fields else self.env.company
        ) or self.env.company
        first, last = dates.span(kind, company._get_beneficiary_today())
        day = self[name]
        if isinstance(day, datetime):
            zone = company._get_beneficiary_timezone()
            day = fields.Datetime.context_timestamp(
                self.with_context(tz=zone), day
            ).date()
        if first <= day <= last:
            return
        label = self._fields[name]._description_string(self.env)
        if day > last and not dates.SPANS[kind][1]:
            raise ValidationError(
                self.env._(
                    "“%(field)s” is in the future: %(date)s. Check the year.",
                    field=label,
                    date=day,
                )
            )
        raise ValidationError(
            self.env._(
                "“%(field)s” cannot be %(date)s. Check the year.", field=label, date=day
            )
        )

    # -- reading -----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._read_dates(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._read_dates(vals))

    @api.model
    def _read_dates(self, vals):
        """Return ``vals`` with each typed date as the Gregorian date it means.

        :raise ValidationError: when a text is no date, or the Hijri and the Gregorian
            date of one event differ (R38)
        """
        texts = self._get_hijri_texts()
        if not vals.keys() & (self._get_typed_dates().keys() | texts.keys()):
            return vals
        vals = dict(vals)
        for text, name in texts.items():
            # A Hijri date in the Gregorian field belongs into the other one.
            if vals.get(name) and text not in vals and self._is_foreign(vals[name]):
                vals[text] = str(vals.pop(name))
            if text in vals:
                self._read_hijri_text(text, vals)
        for name in self._get_typed_dates().keys() & vals.keys():
            vals[name] = self._read_date(name, vals[name])
        return vals

    @api.model
    def _read_date(self, name, value):
        """Return the value of the date ``name`` as the ORM stores it."""
        if not value or not self._is_foreign(value):
            return self._read_moment(name, value)
        if isinstance(value, date):  # a datetime is one, too
            value = value.isoformat(" ") if isinstance(value, datetime) else str(value)
        day, _blank, hour = str(value).strip().partition(" ")
        is_moment = self._fields[name].type == "datetime" and ":" in hour
        read = self._read_day(day if is_moment else value).date
        if not is_moment:
            return read
        try:
            return datetime.combine(read, time.fromisoformat(hour.strip()))
        except ValueError as error:
            raise ValidationError(self._get_hour_message(value)) from error

    @api.model
    def _read_moment(self, name, value):
        """Return ``value``, unless it is a text whose hour there is not.

        :raise ValidationError: says what to write instead
        """
        if isinstance(value, str) and self._fields[name].type == "datetime":
            try:
                fields.Datetime.to_datetime(value)
            except ValueError as error:
                raise ValidationError(self._get_hour_message(value)) from error
        return value

    @api.model
    def _get_hour_message(self, text):
        return self.env._(
            "“%(date)s” has no possible time of day. Write it after the date, from "
            "00:00 to 23:59.",
            date=text,
        )

    @api.model
    def _is_foreign(self, value):
        """Whether a value is none of the Gregorian dates that the ORM reads itself."""
        if isinstance(value, date):
            return value.year in dates.HIJRI_YEARS
        try:
            return fields.Date.to_date(value).year in dates.HIJRI_YEARS
        except (KeyError, TypeError, ValueError):
            return True

    @api.model
    def _read_day(self, text):
        """Return the day of a text; see :func:`rules.dates.read`.

        :raise ValidationError: says what to write instead
        """
        try:
            return dates.read(str(text))
        except dates.DateError as error:
            raise ValidationError(self._get_date_message(error.code, text)) from error

    @api.model
    def _get_date_message(self, code, text):
        messages = {
            "date_malformed": self.env._(
                "“%(date)s” is not a date. Write day, month and year, for example "
                "15/03/2026 or 1405-09-01.",
                date=text,
            ),
            "date_missing": self.env._(
                "“%(date)s” is no day of the calendar. Check the day and the month: "
                "the month is written between the other two.",
                date=text,
            ),
            "date_year": self.env._(
                "“%(date)s” has no possible year. Write the year in four digits.",
                date=text,
            ),
            "date_range": self.env._(
                "“%(date)s” is outside the Umm al-Qura calendar, which begins in "
                "1343. Write the Gregorian date.",
                date=text,
            ),
        }
        return messages[code]

    @api.model
    def _read_hijri_text(self, name, vals):
        """Write the date of the Hijri text ``name`` into ``vals``, and its one form."""
        date_name = self._get_hijri_texts()[name]
        text = vals.pop(name)
        if arabic.is_blank(text):
            vals.setdefault(date_name, False)
            return
        read = self._read_day(text)
        given = fields.Date.to_date(self._read_date(date_name, vals.get(date_name)))
        if given and given != read.date:
            raise ValidationError(
                self.env._(
                    "The two dates are not the same day: in the Umm al-Qura calendar "
                    "%(hijri)s is %(expected)s, not %(given)s. Correct one, or leave "
                    "one empty.",
                    hijri=text,
                    expected=read.date,
                    given=given,
                )
            )
        vals[date_name] = read.date
        if read.hijri:
            vals[name] = read.hijri

    # -- forms -------------------------------------------------------------------------

    def _has_onchange(self, field, other_fields):
        return (
            field.name in self._get_typed_dates()
            or field.name in self._get_hijri_texts()
            or super()._has_onchange(field, other_fields)
        )

    def _apply_onchange_methods(self, field_name, result):
        """Show in both calendars what was typed, before it is kept."""
        done = super()._apply_onchange_methods(field_name, result)
        try:
            if field_name in self._get_typed_dates():
                read = self._read_date(field_name, self[field_name])
                if read != self[field_name]:
                    self[field_name] = read
            elif field_name in self._get_hijri_texts() and self[field_name]:
                read = self._read_dates({field_name: self[field_name]})
                self.update(read)
                # The text stays as it was typed.
                self.env.remove_to_compute(self._fields[field_name], self)
        except ValidationError as error:
            # The text stays in the form, and saving refuses it.
            title = self.env._("This date cannot be kept.")
            result["warnings"].add((title, str(error), "notification"))
        return done

    def _format_hijri(self, day):
        """Return the Hijri side of ``day``, for lists; "" where there is none."""
        return hijri.text(day or None).replace("-", "/")

    def _format_hijri_long(self, day):
        """Return the Hijri side of ``day`` for papers, or "" (R40)."""
        return self.env["res.company"]._format_beneficiary_hijri(day)

    def _format_both(self, day):
        """Return ``day`` in both calendars, and alone where the table has no day."""
        return self._write_both(day, get_lang(self.env).code)

    @ormcache("day", "lang", "self.env.lang")
    def _write_both(self, day, lang):
        # Kept: a list or a sweep names few days, and each of them many times.
        gregorian = format_date(
            self.env, day, lang_code=lang, date_format="EEEE d MMMM y"
        )
        if not (text := self._format_hijri(day)):
            return gregorian
        return self.env._(
            "%(gregorian)s (%(hijri)s\N{NO-BREAK SPACE}AH)",
            gregorian=gregorian,
            hijri=text,
        )
