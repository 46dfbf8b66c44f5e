"""Comparison of two versions of a text, clause by clause (R49).

A clause that has a key (the code of a channel, of a step) is matched by it. Other
clauses are matched by their words: first those that are the same, then the most alike.
What has no match was added or removed.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"
# The least likeness, from 0 to 1, at which one clause is another wording of the other.
ALIKE = 0.5
_TOKEN = re.compile(r"\s+|\S+")


@dataclass(frozen=True)
class Clause:
    """A clause of one version.

    :ivar text: its words
    :ivar key: what the clause is about, the same in every version; "" if only its
        words tell
    """

    text: str
    key: str = ""


@dataclass(frozen=True)
class Row:
    """Two clauses side by side.

    :ivar mark: one of the four marks of this module
    :ivar is_moved: whether its place among the clauses of both versions is another one
    :ivar old: position in the earlier version; None if the clause was added
    :ivar new: position in the later version; None if the clause was removed
    :ivar old_pieces: the earlier text as ``(words, whether they differ)``
    :ivar new_pieces: the later text, in the same form
    """

    mark: str
    is_moved: bool = False
    old: int | None = None
    new: int | None = None
    old_pieces: tuple = ()
    new_pieces: tuple = ()


def compare(old: list[Clause], new: list[Clause]) -> list[Row]:
    """Return the clauses of both versions side by side, in the order of the later one.

    A removed clause stands after the one that it followed in the earlier version.
    """
    pairs = _match(old, new)
    kept = _in_order([pairs[index] for index in sorted(pairs)])
    rows = [
        _pair(old, new, pairs[index], index, kept)
        if index in pairs
        else Row(ADDED, new=index, new_pieces=((clause.text, True),))
        for index, clause in enumerate(new)
    ]
    for index in sorted(set(range(len(old))) - {*pairs.values()}):
        before = [place for place, row in enumerate(rows) if row.old == index - 1]
        place = before[0] + 1 if before else 0
        pieces = ((old[index].text, True),)
        rows.insert(place, Row(REMOVED, old=index, old_pieces=pieces))
    return rows


def _pair(old, new, first, second, kept):
    before, after = old[first].text, new[second].text
    mark = SAME if _plain(before) == _plain(after) else CHANGED
    if mark == SAME:
        pieces = ((before, False),), ((after, False),)
    else:
        pieces = _split(before, after)
    return Row(mark, first not in kept, first, second, *pieces)


def _match(old, new):
    """Return ``{position in the later version: position in the earlier one}``."""
    pairs = {}
    taken = set()

    def take(likeness, least):
        found = [
            (-score, second, first)
            for second, after in enumerate(new)
            for first, before in enumerate(old)
            if (score := likeness(before, after)) >= least
        ]
        for _score, second, first in sorted(found):
            if second not in pairs and first not in taken:
                pairs[second] = first
                taken.add(first)

    take(lambda before, after: bool(after.key) and before.key == after.key, 1)
    words = [clause for clause in (*old, *new) if not clause.key]
    if words:
        take(_has_same_words, 1)
        take(_get_likeness, ALIKE)
    return pairs


def _has_same_words(before, after):
    return (
        not before.key and not after.key and _plain(before.text) == _plain(after.text)
    )


def _get_likeness(before, after):
    if before.key or after.key:
        return 0
    words = SequenceMatcher(
        None, before.text.split(), after.text.split(), autojunk=False
    )
    return words.ratio()


def _plain(text):
    return " ".join(text.split())


def _split(before, after):
    """Return both texts in pieces, which say whether the other text has them."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    pieces = [], []
    for operation, *ends in blocks:
        differs = operation != "equal"
        for side, tokens, (start, end) in zip(
            pieces, (old, new), (ends[:2], ends[2:]), strict=True
        ):
            if start < end:
                side.append(("".join(tokens[start:end]), differs))
    return tuple(map(tuple, pieces))


def _in_order(places):
    """Return the largest set of ``places`` that stand in rising order."""
    best = []  # the longest rising list that ends at each place
    for index, place in enumerate(places):
        before = [best[other] for other in range(index) if places[other] < place]
        best.append([*max(before, key=len, default=[]), place])
    return {*max(best, key=len, default=[])}
