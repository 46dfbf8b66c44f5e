"""What counts as written evidence: words that tell a reader something (R10, R20).

A step, a reply or a refusal is proved by what somebody wrote about it. A full stop, one
letter or a row of the same letter proves nothing.
"""

import unicodedata

from .arabic import without_marks

# The shortest words that tell anything have so many letters: "met", "تمت".
LEAST_LETTERS = 3
# The marks that say nothing, at both ends of a text of earlier records.
EMPTY_MARKS = " \n\r\t.-_"


def says_nothing(text: str | None) -> bool:
    """Return whether a typed text is no evidence: it has too few different letters.

    Letters of every script count, with the vowel signs that Indic scripts write beside
    them. A Chinese character stands for a word. Digits, points and invisible marks do
    not count: the number of a receipt alone does not say what was done.

    :param text: as it was typed; over RPC it may be anything
    """
    if not isinstance(text, str):
        return True
    letters = [
        char
        for char in without_marks(text).casefold()
        if unicodedata.category(char) in ("Ll", "Lo", "Mc")
    ]
    if any(unicodedata.name(char, "").startswith("CJK ") for char in letters):
        return False
    return len(letters) < LEAST_LETTERS or len(set(letters)) < 2
