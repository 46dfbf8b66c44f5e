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
_MOBILE_KINDS = {
    phonenumbers.PhoneNumberType.MOBILE,
    # In some countries both have the same numbers.
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
}


# The limit of SMTP.
LONGEST_EMAIL = 254
# One name, one @, a domain with a dot; no characters that separate addresses.
_EMAIL = re.compile(r"[^\s@,;:<>()\[\]\\\"]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_][\w-]+")


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


def phone(value: str, region: str = "SA") -> str:
    """Return a phone number in E.164, such as +966501234567 (R44).

    :param region: ISO country code of a number written without one.
    :raise IdentityError: ``phone_malformed`` (not a phone number at all) or
        ``phone_invalid`` (no such number in its country).
    """
    written = _compact(value)
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        raise IdentityError("phone_malformed", value=written) from None
    if not phonenumbers.is_valid_number(number):
        raise IdentityError("phone_invalid", value=written)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_mobile(number: str) -> bool:
    """Return whether a telephone number can be a mobile number.

    :param number: in E.164, as :func:`phone` returns it; for a half-typed number the
        result is False
    """
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
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


def _compact(value):
    """Return the value in ASCII digits, without spaces, dashes or invisible marks."""
    return "".join(
        char
        for char in without_marks(ascii_digits(value))
        if not char.isspace()
        and unicodedata.category(char) != "Pd"
        and char != "\N{MINUS SIGN}"
    )
