"""Whether two people of one household may be the same person.

An identity number decides where both have one. Small children have none yet: they are
told apart by name and birth date.
"""

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from . import arabic, duplicate

# The least likeness at which one name is a spelling of the other.
SPELLING = 0.8
SPELLING_OF_FIRST = 0.6
_SON_OF = frozenset(["بن", "ابن", "بنت"])
# Living spouses that a person has at most, by the person's gender.
MOST_SPOUSES = {"female": 1, "male": 4}


@dataclass(frozen=True)
class Person:
    """What is known of somebody.

    :param name: search key of the name (:func:`rules.arabic.search_key`)
    :param number: identity number, with the state that issued it where that matters;
        None if it is not known
    :param born: birth date, or None
    """

    name: str
    number: tuple | None = None
    born: date | None = None


def same_number(one: Person, other: Person) -> bool:
    """Return whether both have the same identity number."""
    return bool(one.number) and one.number == other.number


def indistinct(one: Person, other: Person) -> bool:
    """Return whether both have one name, and nothing tells them apart."""
    if one.name != other.name or (one.number and other.number):
        return False
    return not (one.born and other.born) or one.born == other.born


def is_other_name(one: str, other: str) -> bool:
    """Return whether two names are of different people, not two spellings of one.

    A name that is written out, with father and family, stays the same name.

    :param one: search key of a name; ``other`` of the other one
    """
    words, others = (set(key.split()) - _SON_OF for key in (one, other))
    if words <= others or others <= words:
        return False
    if _likeness(one, other) < SPELLING:
        return True
    # Brothers and sisters share all but the first name. One word is too short to
    # compare it across scripts.
    is_one_script = arabic.is_latin(one) == arabic.is_latin(other)
    firsts = one.split()[0], other.split()[0]
    return is_one_script and _likeness(*firsts) < SPELLING_OF_FIRST


def _likeness(one, other):
    return duplicate.name_likeness(
        SequenceMatcher(None, one, other).ratio(), one, other
    )
