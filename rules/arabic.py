"""Arabic as people type it: digits of three scripts, and names spelled many ways."""

import re
import unicodedata

_ASCII_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)

# What Unicode does not decompose by itself. The hamza of أإآؤئ is a combining mark
# once decomposed and goes with the diacritics. The Persian yeh and kaf are what some
# keyboards produce for the Arabic ones.
_LETTERS = str.maketrans("ٱةىیک", "اهييك")

# Separators of the Arabic keyboard, as the Latin ones they stand for.
_SEPARATORS = str.maketrans("٬،٫", ",,.")

_TATWEEL = "\N{ARABIC TATWEEL}"
_ABD_AL = re.compile(r"\bعبد ال")


def ascii_digits(text: str) -> str:
    """Return the text with Arabic-Indic and Persian digits as 0 to 9 (R44)."""
    return text.translate(_ASCII_DIGITS)


def without_marks(text: str) -> str:
    """Return the text without what no reader sees: bidi marks, zero-width characters.

    They come along when a number is copied from a message or a PDF (R44).
    """
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def number_text(text: str) -> str:
    """Return a typed number in ASCII: digits, separators, no spaces or marks (R44)."""
    written = without_marks(ascii_digits(text)).translate(_SEPARATORS)
    return "".join(written.split())


def search_key(text: str) -> str:
    """Return the key under which a name is stored and looked for.

    Two spellings of one name have one key: alef, hamza, teh marbuta, alef maqsura,
    tatweel, diacritics, Latin case and accents, the digits' script and the space in
    "عبد الله" make no difference. A key is its own key.
    """
    decomposed = unicodedata.normalize("NFKD", without_marks(ascii_digits(text)))
    kept = (
        char
        for char in decomposed
        if char != _TATWEEL and unicodedata.category(char) != "Mn"
    )
    folded = "".join(kept).casefold().translate(_LETTERS)
    return _ABD_AL.sub("عبدال", " ".join(folded.split()))
