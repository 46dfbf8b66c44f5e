from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import date_utils

from ...rules import hijri

ADULT_AGE = 18


class BirthMixin(models.AbstractModel):
    """A birth date, shown in both calendars and entered in either (R38).

    The Gregorian date is stored. A Hijri date is converted in ``create`` and
    ``write``, so that forms, imports and RPC follow the same rule.
    """

    _name = "beneficiary.birth.mixin"
    _description = "Birth Date in Both Calendars"

    birth_date = fields.Date()
    birth_date_hijri = fields.Char(
        string="Birth Date (Hijri)",
        compute="_compute_birth_date_hijri",
        readonly=False,
        help="Year-month-day, Umm al-Qura.",
    )

    @api.depends("birth_date")
    def _compute_birth_date_hijri(self):
        for record in self:
            record.birth_date_hijri = False
            # The table begins in 1924: earlier birth dates are shown as Gregorian only.
            with suppress(hijri.HijriError):
                record.birth_date_hijri = record.birth_date and hijri.to_hijri(
                    record.birth_date
                )

    @api.constrains("birth_date")
    def _check_birth_date(self):
        for company, records in (
            self.filtered("birth_date").grouped("company_id").items()
        ):
            if max(records.mapped("birth_date")) > company._get_beneficiary_today():
                raise ValidationError(
                    self.env._("A birth date cannot be in the future. Check the year.")
                )

    @api.onchange("birth_date_hijri")
    def _onchange_birth_date_hijri(self):
        # A text that is no date is refused on saving, and the message says what to do.
        with suppress(hijri.HijriError):
            if self.birth_date_hijri:
                self.birth_date = hijri.from_hijri(self.birth_date_hijri)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_birth_date(dict(vals)) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_birth_date(dict(vals)))

    @api.model
    def _with_birth_date(self, vals):
        """Return ``vals`` with the Hijri birth date converted to a Gregorian one (R38).

        :raise ValidationError: when the text is no date, or the two dates differ
        """
        if "birth_date_hijri" not in vals:
            return vals
        written = vals.pop("birth_date_hijri")
        if not written:
            vals.setdefault("birth_date", False)
            return vals
        try:
            day = hijri.from_hijri(written)
        except hijri.HijriError as error:
            raise ValidationError(
                self.env._(
                    "“%(date)s” is not a Hijri date. Write year-month-day, for "
                    "example 1405-09-01.",
                    date=written,
                )
            ) from error
        given = fields.Date.to_date(vals.get("birth_date"))
        if given and given != day:
            raise ValidationError(
                self.env._(
                    "The birth dates are not the same day: in the Umm al-Qura "
                    "calendar %(hijri)s is %(expected)s, not %(given)s. Correct one, "
                    "or leave one empty.",
                    hijri=written,
                    expected=day,
                    given=given,
                )
            )
        vals["birth_date"] = day
        return vals

    @api.model
    def _get_minor_domain(self, company):
        """Return the domain of persons under age, on the association's today."""
        limit = date_utils.subtract(company._get_beneficiary_today(), years=ADULT_AGE)
        return Domain("birth_date", ">", limit)
