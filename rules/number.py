"""Numbers as people type them in sheets and searches (R44)."""

import re

from . import RuleError
from .arabic import number_text

# Commas only between groups of three digits, then at most one point.
_NUMBER = re.compile(
    r"[-+]?(?:(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?|\.[0-9]+)"
)
# One thousand five hundred to some, one and a half to others.
_UNCLEAR = re.compile(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{3}")


class NumberError(RuleError):
    """A text that is no number, or could be two; ``params["value"]`` is the text."""


def plain(text: str) -> str:
    """Return a typed number in ASCII digits, without separators of thousands.

    Digits of any script are read, with the separators of the Arabic and the Latin
    keyboard. A comma never becomes the decimal point, and never disappears: 950,50
    would be a hundred times as much.

    :raise NumberError: ``number_unclear``
    """
    written = number_text(text)
    if not _NUMBER.fullmatch(written) or _UNCLEAR.fullmatch(written):
        raise NumberError("number_unclear", value=text)
    return written.replace(",", "")
