"""Arabic as people type it: digits of three scripts, and names spelled many ways."""

import re
import unicodedata

_ASCII_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

# Letters that Unicode does not decompose by itself. The hamza of أإآؤئ becomes a
# combining mark when decomposed, and is dropped with the diacritics. Some keyboards
# produce the Persian yeh and kaf for the Arabic ones.
_LETTERS = str.maketrans("ٱةىیک", "اهييك")

# Separators of the Arabic keyboard, and the Latin ones that they stand for.
_SEPARATORS = str.maketrans("٬،٫", ",,.")

_TATWEEL = "\N{ARABIC TATWEEL}"
_ABD_AL = re.compile(r"\bعبد ال")


def ascii_digits(text: str) -> str:
    """Return the text with Arabic-Indic and Persian digits as 0 to 9 (R44)."""
    return text.translate(_ASCII_DIGITS)


def arabic_digits(text: str) -> str:
    """Return the text with the digits 0 to 9 as Arabic-Indic ones, for papers."""
    return text.translate(_ARABIC_DIGITS)


def without_marks(text: str) -> str:
    """Return the text without invisible characters: bidi marks, zero-width characters.

    These come along when a number is copied from a message or a PDF (R44).
    """
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def number_text(text: str) -> str:
    """Return a typed number in ASCII: digits, separators, no spaces or marks (R44)."""
    written = without_marks(ascii_digits(text)).translate(_SEPARATORS)
    return "".join(written.split())


def search_key(text: str) -> str:
    """Return the key under which a name is stored and looked for.

    Different spellings of a name have the same key: alef, hamza, teh marbuta, alef
    maqsura, tatweel, diacritics, Latin case and accents, the digits' script and the
    space in "عبد الله" make no difference. The key of a key is the key itself.
    """
    decomposed = unicodedata.normalize("NFKD", without_marks(ascii_digits(text)))
    kept = (
        char
        for char in decomposed
        if char != _TATWEEL and unicodedata.category(char) != "Mn"
    )
    folded = "".join(kept).casefold().translate(_LETTERS)
    return _ABD_AL.sub("عبدال", " ".join(folded.split()))
