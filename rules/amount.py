"""Amounts in Arabic words, as a receipt has them: «ألف وخمسمائة ريال».

The counted noun decides the form of its number, and the number decides the form of the
noun. So both are written together.
"""

from dataclasses import dataclass

# From three to ten, and as the first part of 13 to 19. Each stands with a noun of the
# other gender.
_WITH_MASCULINE = (
    "صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية",
    "تسعة", "عشرة",
)  # fmt: skip
_WITH_FEMININE = (
    "صفر", "واحدة", "اثنتان", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان", "تسع",
    "عشر",
)  # fmt: skip
_TENS = (
    "", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون",
    "تسعون",
)  # fmt: skip
_HUNDREDS = (
    "", "مائة", "مائتان", "ثلاثمائة", "أربعمائة", "خمسمائة", "ستمائة", "سبعمائة",
    "ثمانمائة", "تسعمائة",
)  # fmt: skip


@dataclass(frozen=True)
class Noun:
    """A noun that is counted.

    :ivar one: also after whole hundreds.
    :ivar two: two of them; their number is not written.
    :ivar few: from three to ten.
    :ivar many: from eleven to ninety-nine.
    :ivar is_number: whether it is itself a number; one of it needs no "one".
    """

    one: str
    two: str
    few: str
    many: str
    is_feminine: bool = False
    is_number: bool = False


RIYAL = Noun("ريال", "ريالان", "ريالات", "ريالًا")
HALALA = Noun("هللة", "هللتان", "هللات", "هللة", is_feminine=True)
_SCALES = (
    (10**9, Noun("مليار", "ملياران", "مليارات", "مليارًا", is_number=True)),
    (10**6, Noun("مليون", "مليونان", "ملايين", "مليونًا", is_number=True)),
    (10**3, Noun("ألف", "ألفان", "آلاف", "ألفًا", is_number=True)),
)
# What numbers lose before the noun that they count: مائتا ريال، أحد عشر ألف ريال.
_DUALS = ("مائتان", *(noun.two for _scale, noun in _SCALES))
_NUNATION = "ًا"


def riyals(halalas: int) -> str:
    """Return an amount in words, without the riyals or halalas that are zero.

    :param halalas: the amount in hundredths of a riyal, not negative
    """
    whole, rest = divmod(halalas, 100)
    parts = [counted(whole, RIYAL)] if whole or not rest else []
    parts += [counted(rest, HALALA)] if rest else []
    return _joined(parts)


def counted(number: int, noun: Noun) -> str:
    """Return a number, not negative, with what it counts, in words."""
    if number == 1:
        return noun.one if noun.is_number else f"{noun.one} {_units(noun)[1]}"
    if number == 2:
        return noun.two
    # The last two digits alone decide the form; one or two are said apart: مائة ريال
    # وريال واحد.
    rest = number % 100
    if number > 2 and rest in (1, 2):
        return _joined([counted(number - rest, noun), counted(rest, noun)])
    words = _number(number, noun)
    if 3 <= rest <= 10:
        return f"{words} {noun.few}"
    if rest > 10:
        return f"{words} {noun.many}"
    if words.endswith(_DUALS):
        words = words[:-1]
    return f"{words.removesuffix(_NUNATION)} {noun.one}"


def _number(number, noun):
    """Return the words of a number that counts ``noun``."""
    parts = []
    for scale, name in _SCALES:
        count, number = divmod(number, scale)
        if count == 1:
            parts.append(name.one)
        elif count:
            parts.append(counted(count, name))
    hundreds, number = divmod(number, 100)
    if hundreds:
        parts.append(_HUNDREDS[hundreds])
    if number or not parts:
        parts.append(_below_hundred(number, noun))
    return _joined(parts)


def _below_hundred(number, noun):
    units = _units(noun)
    if number <= 10:
        return units[number]
    tens, unit = divmod(number, 10)
    if tens > 1:
        return _joined([units[unit], _TENS[tens]] if unit else [_TENS[tens]])
    ten = "عشرة" if noun.is_feminine else "عشر"
    if unit == 1:
        return f"{'إحدى' if noun.is_feminine else 'أحد'} {ten}"
    first = units[unit]
    return f"{first.removesuffix('ن') if unit == 2 else first} {ten}"


def _units(noun):
    return _WITH_FEMININE if noun.is_feminine else _WITH_MASCULINE


def _joined(parts):
    """Return the parts with the Arabic "and", which is written onto the next word."""
    return " و".join(parts)
