"""Numbers that identify a person, checked before they are stored.

Every function takes text as people type, paste or import it (R44): digits of any of the
three scripts, spaces, dashes, invisible marks. It returns the one form that is stored.
"""

import re
import unicodedata

import phonenumbers
from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from . import RuleError
from .arabic import ascii_digits, without_marks

KINDS = {"1": "citizen", "2": "resident"}
# Types of identity whose number another state issued: two states may issue the same.
FOREIGN_TYPES = frozenset(["gcc", "passport"])
# Digits of the identity number of each state of the Gulf, by its code.
GCC_LENGTHS = {
    "AE": {15},
    "BH": {9},
    "KW": {12},
    "OM": set(range(6, 10)),
    "QA": {11},
}
_GCC_LENGTHS = set().union(*GCC_LENGTHS.values())
# Most characters of a number of which all near ones are looked for.
_LONGEST_NEAR = 16
_MOBILE_KINDS = {
    phonenumbers.PhoneNumberType.MOBILE,
    # In some countries both have the same numbers.
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
}


# The limit of SMTP.
LONGEST_EMAIL = 254
# One name, one @, a domain with a dot; no characters that separate addresses.
_EMAIL = re.compile(r"[^\s@,;:<>()\[\]\\\"]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_][\w-]+")


# An extension behind a number, as people write it.
_EXTENSION = re.compile(
    r"(?:;ext=|ext(?:ension)?[.:]?|x|#|تحويل[ةه][.:]?)([0-9]{1,7})$", re.IGNORECASE
)
# What a number may consist of, when its extension is taken off.
_PHONE = re.compile(r"\+?[0-9().]+")
# What stands between two numbers, in the order in which it is tried: dashes and spaces
# stand inside of one number too.
_BETWEEN_PHONES = (
    re.compile(r"\s*[/\\,;|،؛&\n]\s*|\s+(?:أو|او|or|و)\s*"),
    re.compile(r"\s*[-–]\s*"),
    re.compile(r"\s+"),
)


class IdentityError(RuleError):
    """A value that is no valid identifier.

    ``params["value"]`` is the value, without separators.
    """


def national_identity(value: str) -> str:
    """Return a national identity or iqama number as ten digits (R12, R44).

    :raise IdentityError: ``identity_malformed`` (not ten digits), ``identity_prefix``
        (neither citizen nor resident) or ``identity_checksum``.
    """
    number = _compact(value)
    if not re.fullmatch(r"[0-9]{10}", number):
        raise IdentityError("identity_malformed", value=number)
    if number[0] not in KINDS:
        raise IdentityError("identity_prefix", value=number)
    if not luhn.is_valid(number):
        raise IdentityError("identity_checksum", value=number)
    return number


def identity_kind(number: str) -> str:
    """Return "citizen" or "resident".

    :raise IdentityError: as :func:`national_identity`.
    """
    return KINDS[national_identity(number)[0]]


def number(kind: str | None, value: str, country: str = "") -> str:
    """Return an identity number in the one form that is stored for its type (R44).

    :param kind: a type of identity; None for a national identity or an iqama
    :param country: ISO code of the state that issued it, if it is known
    :raise IdentityError: as :func:`national_identity`; ``citizen_prefix``,
        ``resident_prefix`` (a number of the other type), ``gcc_malformed``,
        ``gcc_country``, ``border_malformed``, ``passport_malformed``,
        ``other_malformed`` or ``none_number``
    """
    return _NUMBERS[kind](value, country)


def any_number(value: str) -> str:
    """Return a number whose type is not known as it would be stored, for look-ups."""
    return _compact(value).upper()


def near_numbers(number: str) -> list[str]:
    """Return the numbers that differ in one digit, or by two neighbours swapped.

    :param number: in its stored form; letters stay as they are
    """
    if len(number) > _LONGEST_NEAR:
        return []
    near = set()
    for place, char in enumerate(number):
        head, tail = number[:place], number[place + 1 :]
        if char.isdigit():
            near.update(head + digit + tail for digit in "0123456789")
        if tail:
            near.add(head + tail[0] + char + tail[1:])
    return sorted(near - {number})


def sponsor_number(value: str) -> str:
    """Return the number of a sponsor: a person, or an establishment (700…) (R44).

    :raise IdentityError: ``sponsor_malformed``, or as :func:`national_identity`
    """
    written = _compact(value)
    if re.fullmatch(r"7[0-9]{9}", written):
        return written
    if not re.fullmatch(r"[12][0-9]{9}", written):
        raise IdentityError("sponsor_malformed", value=written)
    return national_identity(written)


def phone(value: str, region: str = "SA") -> str:
    """Return a phone number in E.164, such as +966501234567 (R44).

    An extension stays behind the number, as RFC 3966 has it: +966112345678;ext=12.
    Letters that stand for digits are refused: on a form they are a mistake.

    :param region: ISO country code of a number written without one.
    :raise IdentityError: ``phone_several`` (two numbers), ``phone_malformed`` (not a
        phone number at all) or ``phone_invalid`` (no such number in its country).
    """
    try:
        return _one_phone(value, region)
    except IdentityError as error:
        if _is_several_phones(value, region):
            raise IdentityError("phone_several", value=value) from error
        raise


def phone_forms(number: str) -> str:
    """Return a stored number as people look for it: 05… must also find +9665…"""
    local = "0" + number[4:] if number.startswith("+966") else ""
    return f"{number} {local}".strip()


def dialled(number: str) -> str:
    """Return a stored number without its extension, for texts and links."""
    return number.partition(";")[0]


def _is_several_phones(value, region):
    line = without_marks(ascii_digits(value)).strip()
    for separator in _BETWEEN_PHONES:
        parts = [part for part in separator.split(line) if part]
        if len(parts) > 1 and all(_is_phone(part, region) for part in parts):
            return True
    return False


def _is_phone(value, region):
    try:
        return bool(_one_phone(value, region))
    except IdentityError:
        return False


def _one_phone(value, region):
    written = _compact(value)
    found = _EXTENSION.search(written)
    extension = f";ext={found[1]}" if found else ""
    if found:
        written = written[: found.start()]
    if not _PHONE.fullmatch(written):
        raise IdentityError("phone_malformed", value=written)
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        raise IdentityError("phone_malformed", value=written) from None
    if not phonenumbers.is_valid_number(number):
        raise IdentityError("phone_invalid", value=written)
    dialled_number = phonenumbers.format_number(
        number, phonenumbers.PhoneNumberFormat.E164
    )
    return dialled_number + extension


def is_mobile(number: str) -> bool:
    """Return whether a telephone number can be a mobile number.

    :param number: in E.164, as :func:`phone` returns it; for a half-typed number the
        result is False
    """
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(dialled(number)))
    except phonenumbers.NumberParseException:
        return False
    return kind in _MOBILE_KINDS


def written_digits(value: str) -> str:
    """Return a typed number as ASCII digits, or "" when it is not a number (R44).

    For searches: people also look for a part of a number, with any spacing.
    """
    written = _compact(value).removeprefix("+")
    return written if re.fullmatch(r"[0-9]+", written) else ""


def iban(value: str) -> str:
    """Return a Saudi IBAN in capitals (R44).

    :raise IdentityError: ``iban_country`` (not Saudi), ``iban_malformed`` (not 22
        characters after SA) or ``iban_checksum``.
    """
    written = _compact(value)
    if not re.match(r"[Ss][Aa]", written):
        raise IdentityError("iban_country", value=written)
    # Not stdnum.iban: it opens a data file on import, and the hook through which Odoo
    # imports stdnum hides the package's data.
    if not re.fullmatch(r"[A-Za-z]{2}[0-9]{4}[A-Za-z0-9]{18}", written):
        raise IdentityError("iban_malformed", value=written)
    number = written.upper()
    if not mod_97_10.is_valid(number[4:] + number[:4]):
        raise IdentityError("iban_checksum", value=written)
    return number


def short_address(value: str) -> str:
    """Return a Short National Address as four capitals and four digits (R44).

    :raise IdentityError: ``short_address_malformed``.
    """
    address = _compact(value)
    # Checked before upper(), which turns some non-Latin letters into Latin ones.
    if not re.fullmatch(r"[A-Za-z]{4}[0-9]{4}", address):
        raise IdentityError("short_address_malformed", value=address)
    return address.upper()


def email(value: str) -> str:
    """Return one e-mail address, in the form in which Odoo compares addresses (R44).

    The address is in small letters, except for a name that is not ASCII. Digits stay
    unchanged: in an address they are characters like others.

    :raise IdentityError: ``email_malformed`` (a name, several addresses, a word for
        "none").
    """
    address = without_marks(value).strip()
    if len(address) > LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        raise IdentityError("email_malformed", value=address)
    name, _at, domain = address.partition("@")
    return f"{name.lower() if name.isascii() else name}@{domain.lower()}"


def _citizen(value, _country):
    return _of_the_kingdom(value, "1", "citizen_prefix")


def _resident(value, _country):
    return _of_the_kingdom(value, "2", "resident_prefix")


def _of_the_kingdom(value, first, code):
    written = national_identity(value)
    if written[0] != first:
        raise IdentityError(code, value=written)
    return written


def _gcc(value, country):
    written = _compact(value)
    if country and country not in GCC_LENGTHS:
        raise IdentityError("gcc_country", value=written)
    lengths = GCC_LENGTHS.get(country, _GCC_LENGTHS)
    if not re.fullmatch(r"[0-9]+", written) or len(written) not in lengths:
        raise IdentityError("gcc_malformed", value=written)
    return written


def _border(value, _country):
    # No check digit of it is published. Numbers with 1 and 2 are people with a card,
    # those with 7 establishments.
    written = _compact(value)
    if not re.fullmatch(r"[3-6][0-9]{9}", written):
        raise IdentityError("border_malformed", value=written)
    return written


def _passport(value, _country):
    written = _compact(value)
    if not re.fullmatch(r"(?=.*[0-9])[A-Za-z0-9]{5,15}", written):
        raise IdentityError("passport_malformed", value=written)
    return written.upper()


def _other(value, _country):
    # One number, with its spaces, its dashes and in small letters, or without.
    written = any_number(value)
    if not re.search(r"[0-9]", written):
        raise IdentityError("other_malformed", value=written)
    return written


def _none(value, _country):
    raise IdentityError("none_number", value=_compact(value))


_NUMBERS = {
    None: lambda value, _country: national_identity(value),
    "national": _citizen,
    "iqama": _resident,
    "gcc": _gcc,
    "border": _border,
    "passport": _passport,
    "other": _other,
    "none": _none,
}


def _compact(value):
    """Return the value in ASCII digits, without spaces, dashes or invisible marks."""
    return "".join(
        char
        for char in without_marks(ascii_digits(value))
        if not char.isspace()
        and unicodedata.category(char) != "Pd"
        and char != "\N{MINUS SIGN}"
    )
