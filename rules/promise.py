"""Periods that the text of a policy promises, in Arabic and in English (R21).

The board writes "within a period of not less than two weeks", and the review period of
the policy says the same in numbers. :func:`get_periods` reads the text, and
:func:`agrees` compares it with the numbers.
"""

import re
from dataclasses import dataclass

from .arabic import search_key

CALENDAR, WORKING = "calendar", "working"
_WEEK_DAYS, _WEEK_WORKING_DAYS, _MONTH_DAYS = 7, 5, 30

# Number words up to the longest period that boards write. The keys are search keys:
# without diacritics, hamza and teh marbuta.
_ENGLISH = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "twenty": 20, "twenty-one": 21,
    "thirty": 30, "forty": 40, "forty-five": 45, "sixty": 60, "ninety": 90,
}  # fmt: skip
_ARABIC = {
    "ثلاث": 3, "اربع": 4, "خمس": 5, "ست": 6, "سبع": 7, "ثماني": 8, "ثمان": 8,
    "تسع": 9, "عشر": 10, "ثلاثه": 3, "اربعه": 4, "خمسه": 5, "سته": 6, "سبعه": 7,
    "ثمانيه": 8, "تسعه": 9, "عشره": 10, "احد عشر": 11, "اثنا عشر": 12, "اثني عشر": 12,
    "اربعه عشر": 14, "خمسه عشر": 15, "عشرون": 20, "عشرين": 20, "واحد وعشرون": 21,
    "واحد وعشرين": 21, "ثلاثون": 30, "ثلاثين": 30, "اربعون": 40, "اربعين": 40,
    "خمسه واربعون": 45, "خمسه واربعين": 45, "ستون": 60, "ستين": 60, "تسعون": 90,
    "تسعين": 90,
}  # fmt: skip


def _one_of(words):
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_ENGLISH_PERIOD = re.compile(
    rf"\b(?P<number>\d+|{_one_of(_ENGLISH)})[ -](?P<working>(?:working|business) )?"
    r"(?P<unit>day|week|month)s?\b"
)
# One and two have no number: أسبوع، أسبوعين. A preposition or article may be joined on.
_ARABIC_PERIOD = re.compile(
    rf"(?<!\w)[وبل]?ل?(?:(?P<number>\d+|{_one_of(_ARABIC)}) )?"
    r"(?P<unit>(?:ال)?(?:يوم|ايام|اسبوع|اسابيع|شهر|اشهر|شهور))(?P<form>ين|ان|ي|ا)?"
    r"(?P<working> عمل\b)?(?!\w)"
)
_ARABIC_UNITS = {
    "يوم": "day", "ايام": "day", "اسبوع": "week", "اسابيع": "week", "شهر": "month",
    "اشهر": "month", "شهور": "month",
}  # fmt: skip
_FLOOR = re.compile(r"(?:not|no) less than|at least|لا [تي]قل عن|علي الاقل")
# So far before a period, or after it, its "not less than" stands.
_REACH = 30


@dataclass(frozen=True)
class Period:
    """A period in a text.

    :param number: how many of the unit
    :param unit: "day", "week" or "month"
    :param is_working: whether the text counts working days
    :param is_floor: whether the text says "not less than"
    """

    number: int
    unit: str
    is_working: bool = False
    is_floor: bool = False

    @property
    def days(self):
        """The length in the days that it counts, calendar or working."""
        weight = {"day": 1, "week": _WEEK_DAYS, "month": _MONTH_DAYS}[self.unit]
        return self.number * weight


def get_periods(text: str | None) -> list[Period]:
    """Return the periods that a text names, in its order; see :class:`Period`."""
    key = search_key(text or "")
    found = []
    for match in _ENGLISH_PERIOD.finditer(key):
        number = match["number"]
        count = int(number) if number.isdigit() else _ENGLISH[number]
        found.append((match, count, match["unit"]))
    for match in _ARABIC_PERIOD.finditer(key):
        number = match["number"]
        if number:
            count = int(number) if number.isdigit() else _ARABIC[number]
        elif match["form"] in ("ين", "ان") or (
            match["form"] == "ي" and match["working"]
        ):
            count = 2
        elif match["unit"] in ("اسبوع", "شهر") or match["working"]:
            count = 1
        else:
            continue  # "the day", "in the days to come": no period
        found.append((match, count, _ARABIC_UNITS[match["unit"].removeprefix("ال")]))
    return [
        Period(count, unit, bool(match["working"]), _is_floor(key, match))
        for match, count, unit in sorted(found, key=lambda one: one[0].start())
    ]


def _is_floor(key, match):
    before = key[max(0, match.start() - _REACH) : match.start()]
    after = key[match.end() : match.end() + _REACH]
    return bool(_FLOOR.search(before) or _FLOOR.search(after))


def agrees(period: Period, days: int, unit: str, minimum_days: int) -> bool:
    """Return whether the numbers of a policy keep the period that its text promises.

    Two weeks are 14 calendar days, or ten working days. A floor in calendar days, "not
    less than two weeks", also needs the least number of days that no unit shortens.

    :param period: a period of the text
    :param days: the review period
    :param unit: the unit of the review period, "calendar" or "working"
    :param minimum_days: the calendar days before which no held reply leaves
    """
    if period.is_working:
        return (days, unit) == (period.days, WORKING)
    if period.is_floor and minimum_days < period.days:
        return False
    if unit == CALENDAR:
        return days == period.days
    return period.unit == "week" and days == period.number * _WEEK_WORKING_DAYS
