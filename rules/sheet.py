"""Sheets as offices have them: the encoding of a CSV file, and its column titles."""

import codecs
import re

from .arabic import search_key

# Of Excel in Arabic. Each of its bytes is a character, so it is the last guess.
ARABIC_WINDOWS = "windows-1256"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = ";,\t|"
_ARABIC = re.compile("[\u0621-\u064a]")
_NO_LETTER = re.compile(r"[\W_]+")
_ARTICLE = re.compile(r"\b(?:ال)+(?=\w)")


def csv_encoding(data: bytes) -> str:
    """Return the encoding of a CSV file, or "" when it is none of the usual ones.

    Usual are UTF-8 and UTF-16, with a mark at the beginning or without, and
    Windows-1256 of Excel in Arabic (R44).
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    # Titles and numbers in UTF-16 have a zero in every second byte.
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if b"\0" in data[:2000][start::2] and b"\0" not in data[:2000][1 - start :: 2]:
            return encoding
    if _is_text(data, "utf-8"):
        return "utf-8"
    if _is_text(data, ARABIC_WINDOWS) and _ARABIC.search(data.decode(ARABIC_WINDOWS)):
        return ARABIC_WINDOWS
    return ""


def csv_separator(text: str) -> str:
    """Return the separator of a CSV file by its line of titles, or "" for none."""
    titles = text.lstrip().partition("\n")[0]
    separator = max(_SEPARATORS, key=titles.count)
    return separator if separator in titles else ""


def title_key(title: str) -> str:
    """Return the key under which a column title is looked for (R44).

    Hamza, teh marbuta, the article, punctuation and invisible marks make no difference.
    """
    words = _NO_LETTER.sub(" ", search_key(title))
    return " ".join(_ARTICLE.sub("", words).split())


def _is_text(data, encoding):
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
