"""Arabic as people type it: digits of three scripts, and names spelled many ways."""

import re
import unicodedata
from collections.abc import Iterable

_ASCII_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

# Letters that Unicode does not decompose by itself. The hamza of أإآؤئ becomes a
# combining mark when decomposed, and is dropped with the diacritics. Some keyboards
# produce Persian and Urdu letters for the Arabic ones, and people write the sounds that
# Arabic has no letter for (p, v, g, ch) with them.
_LETTERS = str.maketrans(
    {
        letter: arabic
        for arabic, letters in {
            "ا": "ٱ",
            "ه": "ةہھەۃ",
            "ي": "ىیېے",
            "ك": "کڪگڭ",
            "ف": "ڤڥ",
            "ق": "ڨ",
            "ب": "پ",
            "ج": "چ",
            "ز": "ژ",
        }.items()
        for letter in letters
    }
)

# Separators of the Arabic keyboard, and the Latin ones that they stand for.
_SEPARATORS = str.maketrans("٬،٫", ",,.")

# Characters that show nothing and are neither formats nor controls: the grapheme
# joiner, fillers of Hangul and Braille, and the variation selectors of three blocks.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0"
    "\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_NON_JOINER = "\N{ZERO WIDTH NON-JOINER}"
_INNER_NON_JOINER = re.compile(f"(?<=[^\\W\\d_]){_NON_JOINER}+(?=[^\\W\\d_])")
# The unit after one, after two (as it stands after a preposition), after 3 to 10, after
# 11 to 99, and after whole hundreds.
_COUNTED = {
    "day": ("يوم واحد", "يومين", "أيام", "يومًا", "يوم"),
    "working day": ("يوم عمل واحد", "يومي عمل", "أيام عمل", "يوم عمل", "يوم عمل"),
    "month": ("شهر واحد", "شهرين", "أشهر", "شهرًا", "شهر"),
    "year": ("سنة واحدة", "سنتين", "سنوات", "سنة", "سنة"),
}

# Languages of the applicants that are written from right to left.
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")

_TATWEEL = "\N{ARABIC TATWEEL}"
# Words that stand before the head's name in the name of a family's file.
_HOUSEHOLD = re.compile(r"^(?:the )?(?:أسرة|اسرة|عائلة|عائله|اسره|family of)\s+", re.I)
# Words that are written together with the next one, or apart from it.
_ABD_AL = re.compile(r"\bعبد ال")
_ABU = re.compile(r"\bابو (?=\w)")

# Consonants of Arabic as passports write them; vowels, and letters that only carry
# one, are left out on both sides.
_LATIN = str.maketrans(
    {
        **dict(zip("بتجحخدرزسصضطظفقكلمنه", "btjhkdrzssdtzfqklmnh", strict=True)),
        "ث": "t",
        "ذ": "d",
        "ش": "s",
        "غ": "g",
        **dict.fromkeys("ءاعوي", ""),
    }
)
# Ways of writing one consonant in Latin letters.
_LATIN_SPELLINGS = (
    ("kh", "k"), ("sh", "s"), ("th", "t"), ("dh", "d"), ("gh", "g"),
    ("ck", "k"), ("c", "k"), ("p", "b"), ("v", "f"), ("x", "ks"),
)  # fmt: skip
_ARTICLE = re.compile(r"\b(al|el|ال)[ -](?=\w)")
# Brackets, quotation marks and commas, which stand around words and in none.
_AROUND_WORDS = re.compile(r"[\[\](){}«»“”\",;،؛]")
_NO_SKELETON = re.compile(r"[aeiouwy\W\d_]")
_DOUBLE = re.compile(r"(.)\1+")


def ascii_digits(text: str) -> str:
    """Return the text with Arabic-Indic and Persian digits as 0 to 9 (R44)."""
    return text.translate(_ASCII_DIGITS)


def arabic_digits(text: str) -> str:
    """Return the text with the digits 0 to 9 as Arabic-Indic ones, for papers."""
    return text.translate(_ARABIC_DIGITS)


def without_marks(text: str) -> str:
    """Return the text without invisible characters: bidi marks, zero-width characters.

    Variation selectors, fillers and control characters are dropped too; line breaks and
    tabs stay. All of these come along when a number is copied from a message or a PDF
    (R44).
    """
    return "".join(
        char
        for char in _BLANK.sub("", text)
        if char.isspace() or unicodedata.category(char) not in ("Cf", "Cc")
    )


def is_blank(text: str | None) -> bool:
    """Return whether a typed text says nothing: no letter, digit or sign to be read.

    Spaces, invisible marks, diacritics and tatweels alone are no name and no reason
    (R44). A text of one line or more; an empty value is blank.
    """
    return all(
        char.isspace()
        or char == _TATWEEL
        or unicodedata.category(char) in ("Cf", "Cc", "Mn")
        or _BLANK.match(char)
        for char in str(text or "")  # over RPC it may be anything
    )


def one_line(text: str) -> str:
    """Return a typed name or title without invisible marks and needless spaces (R44).

    A zero-width non-joiner between two letters stays: Persian and Urdu spell names with
    it, and without it the letters would join. :func:`search_key` drops it.
    """
    parts = _INNER_NON_JOINER.split(text)
    return " ".join(_NON_JOINER.join(without_marks(part) for part in parts).split())


def number_line(text: str) -> str:
    """Return a typed number in ASCII digits, without marks or needless spaces (R44).

    The number may contain letters and separators: of a passport, a letter, a receipt.
    """
    return " ".join(without_marks(ascii_digits(text)).split())


def number_text(text: str) -> str:
    """Return a typed number in ASCII: digits, separators, no spaces or marks (R44)."""
    written = without_marks(ascii_digits(text)).translate(_SEPARATORS)
    return "".join(written.split())


def isolated(number: str, lang: str) -> str:
    """Return a number for a sentence, where it keeps its own order (R44).

    Within Arabic, "+9665…" would be shown as "…9665+", and the groups of a number
    with spaces from right to left. Marks of direction prevent it; :func:`without_marks`
    drops them. The pages and papers in HTML have ``dir="ltr"`` instead.

    :param lang: code of the language of the sentence
    """
    if not lang.startswith(_RIGHT_TO_LEFT):
        return number
    mark = "\N{LEFT-TO-RIGHT MARK}"
    return f"{mark}{number}{mark}"


def counted(number: int, unit: str, lang: str) -> str:
    """Return a number with its unit, as a sentence has them after a preposition.

    :param unit: "day", "working day", "month" or "year"
    :param lang: code of a language; in Arabic the unit's form follows from the number
    """
    if not lang.startswith("ar"):
        return f"{number} {unit}{'' if number == 1 else 's'}"
    one, two, few, many, hundreds = _COUNTED[unit]
    if number in (1, 2):
        return one if number == 1 else two
    rest = number % 100
    form = few if 3 <= rest <= 10 else many if rest > 10 else hundreds
    return f"{number} {form}"


def listed(words: Iterable[str], lang: str) -> str:
    """Return the words as one text, with the comma of the language."""
    return ("، " if lang.startswith("ar") else ", ").join(words)


def search_key(text: str) -> str:
    """Return the key under which a name is stored and looked for.

    Different spellings of a name have the same key: alef, hamza, teh marbuta, alef
    maqsura, tatweel, diacritics, Latin case and accents, the digits' script and the
    space in "عبد الله" and "أبو بكر" make no difference, and neither do the Persian and
    Urdu forms of a letter. The key of a key is the key itself.
    """
    decomposed = unicodedata.normalize("NFKD", without_marks(ascii_digits(text)))
    kept = (
        char
        for char in decomposed
        if char != _TATWEEL and unicodedata.category(char) != "Mn"
    )
    folded = "".join(kept).casefold().translate(_LETTERS)
    spaced = " ".join(folded.split())
    return _ABU.sub("ابو", _ABD_AL.sub("عبدال", spaced))


def searched_words(text: str) -> str:
    """Return a text that was typed or pasted to search, without the signs around words.

    The name of a file is shown as "[000086] سالم", and lists have commas.
    """
    return " ".join(_AROUND_WORDS.sub(" ", text).split())


def skeleton(key: str) -> str:
    """Return the consonants of a name's search key, in Latin letters, sorted by word.

    The name on a passport and the same name in Arabic have nearly the same skeleton:
    "محمد القحطاني" and "Mohammed Al-Qahtani". It is only good for a comparison.
    """
    words = []
    for word in _ARTICLE.sub(r"\1", key).replace("-", "").split():
        latin = word.translate(_LATIN)
        for written, consonant in _LATIN_SPELLINGS:
            latin = latin.replace(written, consonant)
        consonants = _DOUBLE.sub(r"\1", _NO_SKELETON.sub("", latin))
        words.append(consonants.removesuffix("h"))  # a teh marbuta, often left out
    return " ".join(sorted(filter(None, words)))


def is_latin(key: str) -> bool:
    """Return whether a name's search key is written in Latin letters."""
    return bool(re.search(r"[a-z]", key)) and not re.search(r"[ء-ي]", key)


def head_of_household(name: str) -> str:
    """Return the name of the person who heads the household called ``name``.

    A family's file may be called "the family of …"; the person signs without it.
    """
    return _HOUSEHOLD.sub("", name.strip())
