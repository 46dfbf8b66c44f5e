from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import date_utils

from ...rules import dates

ADULT_AGE = 18


class BirthMixin(models.AbstractModel):
    """A birth date, typed and shown in either calendar, or the year alone (R38).

    When only the year is known, the date is the middle of it, as civil registers write
    it, and the record says so.
    """

    _name = "beneficiary.birth.mixin"
    _inherit = ["beneficiary.date.mixin"]
    _description = "Birth Date in Both Calendars"

    birth_date = fields.Date(span="birth")
    birth_date_hijri = fields.Char(
        string="Birth Date (Hijri)",
        hijri_of="birth_date",
        compute="_compute_hijri_texts",
        store=True,
        readonly=False,
        help="Day, month and year, as the identity card has them, or the year alone.",
    )
    is_birth_year_only = fields.Boolean(
        string="Only the Year Is Known",
        help="The date is the middle of the year of birth.",
    )

    @api.model
    def _read_dates(self, vals):
        """Also note whether only the year was written."""
        typed = vals.get("birth_date_hijri") or vals.get("birth_date")
        read = super()._read_dates(vals)
        if typed and "is_birth_year_only" not in vals:
            read = {**read, "is_birth_year_only": self._is_year_only(typed)}
        return read

    @api.model
    def _is_year_only(self, typed):
        try:
            return dates.read(str(typed)).is_year_only
        except dates.DateError:  # a moment, which is no year
            return False

    def _get_birth(self):
        """Return the birth date as it was written, or None; see :class:`dates.Day`."""
        if not self.birth_date:
            return None
        return self._as_birth(
            self.birth_date, self.birth_date_hijri, self.is_birth_year_only
        )

    @api.model
    def _as_birth(self, day, hijri_text, is_year_only):
        """Return the values of the three fields as a :class:`dates.Day`."""
        # A year alone has the Hijri text of its middle, in whichever calendar it was.
        is_hijri = is_year_only and (day.month, day.day) != dates.MIDDLE_OF_YEAR
        return dates.Day(day, (hijri_text or None) if is_hijri else None, is_year_only)

    @api.depends("is_birth_year_only")
    def _compute_hijri_texts(self):
        return super()._compute_hijri_texts()

    def _get_hijri_text(self, name):
        text = super()._get_hijri_text(name)
        is_year_only = name == "birth_date" and self.is_birth_year_only
        return text[:4] if text and is_year_only else text

    @api.model
    def _get_minor_domain(self, company):
        """Return the domain of persons under age, on the association's today."""
        limit = date_utils.subtract(company._get_beneficiary_today(), years=ADULT_AGE)
        return Domain("birth_date", ">", limit)
