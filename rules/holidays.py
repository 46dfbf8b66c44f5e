"""The public holidays of the Kingdom, as the labour law counts them (R21, R53).

The two feasts follow the Umm al-Qura calendar: four days from the day after the 29th of
Ramadan, and four days from the day of Arafah. An association changes them when the
Supreme Court announces another day.
"""

from datetime import date, timedelta

from . import hijri

FOUNDING_DAY = "founding_day"
NATIONAL_DAY = "national_day"
EID_AL_FITR = "eid_al_fitr"
EID_AL_ADHA = "eid_al_adha"
# The Hijri years of a Gregorian year are those of its first day to its last month.
_MONTHS = (1, 12)
_FEAST_DAYS = timedelta(days=4)


def public_holidays(year: int) -> list[tuple[str, date, date]]:
    """Return the public holidays that begin in a Gregorian year, oldest first.

    :return: ``(code, first day, last day)``
    :raise HijriError: the year has no counterpart in the Umm al-Qura calendar
    """
    days = [
        (FOUNDING_DAY, date(year, 2, 22), date(year, 2, 22)),
        (NATIONAL_DAY, date(year, 9, 23), date(year, 9, 23)),
    ]
    for hijri_year in _hijri_years(year):
        starts = {
            EID_AL_FITR: hijri.from_hijri(f"{hijri_year}-09-29") + timedelta(days=1),
            EID_AL_ADHA: hijri.from_hijri(f"{hijri_year}-12-09"),
        }
        days += [
            (code, start, start + _FEAST_DAYS - timedelta(days=1))
            for code, start in starts.items()
            if start.year == year
        ]
    return sorted(days, key=lambda holiday: holiday[1])


def _hijri_years(year):
    first, last = (hijri.year(date(year, month, 1)) for month in _MONTHS)
    return range(first, last + 1)
