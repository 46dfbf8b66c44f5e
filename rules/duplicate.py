"""When two files may be one person, and how sure that is.

A likeness is a reason for a person to look; the system never decides. Names are
compared by PostgreSQL's trigram similarity of their search keys. The order of the words
makes no difference. One wrong letter in four words gives about 0.78, a left-out word
0.8, and two children of one father about 0.7.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher

from . import arabic

# The least similarity of names that is worth a look, by the other data that agree.
NAME_WITH_BIRTH_DATE = 0.5
NAME_WITH_NEAR_BIRTH_DATE = 0.65
NAME_WITH_PHONE = 0.72
NAME_WITH_NEAR_NUMBER = 0.72
NAME_ALONE = 0.75
# With the same telephone but different birth dates, the two are relatives, unless the
# names are nearly the same.
NAME_AGAINST_BIRTH_DATE = 0.9

NAME_WEIGHT, BIRTH_DATE_WEIGHT, PHONE_WEIGHT, HOUSEHOLD_WEIGHT = 60, 25, 15, 40
# What a near value is worth, as a share of the weight of an equal one.
NEAR = 0.6
# Days from the middle of a year to its ends: of a birth whose year alone is known, the
# middle is kept.
HALF_A_YEAR = 184
SHORTEST_SKELETON = 4


def near_birth_dates(born: date) -> list[date]:
    """Return the other dates that the same birth is often written as.

    A day before or after: the Hijri date of a card was counted by the moon or by the
    table. Day and month the other way round: 03/04 was read as 04/03.
    """
    if born.year in (date.min.year, date.max.year):  # half-typed
        return []
    near = {born - timedelta(days=1), born + timedelta(days=1)}
    if born.day <= 12 and born.month <= monthrange(born.year, born.day)[1]:
        near.add(date(born.year, born.day, born.month))
    return sorted(near - {born})


def name_likeness(similarity: float, one: str, other: str) -> float:
    """Return how alike two names are, from 0 to 1, also across scripts.

    :param similarity: trigram similarity of the two keys
    :param one: the search key of one name; ``other`` of the other one
    """
    if not (arabic.is_latin(one) or arabic.is_latin(other)):
        return similarity
    sounds = arabic.skeleton(one), arabic.skeleton(other)
    # With so few consonants left, many names sound alike.
    if min(map(len, sounds)) < SHORTEST_SKELETON:
        return similarity
    return max(similarity, SequenceMatcher(None, *sounds).ratio())


@dataclass(frozen=True)
class Likeness:
    """The data that two files have in common.

    :param name: similarity of the names, from 0 to 1
    :param same_birth_date: None if one of the dates is not known, or if only the year
        of one is known, and the other one may be in it
    :param same_phone: whether both have the same telephone number
    :param same_household: whether a dependant, by identity number, is listed in both
    :param two_identities: whether both have an identity number of one type; these
        always differ
    :param near_birth_date: whether the dates are :func:`near_birth_dates`
    :param near_number: whether telephones or identity numbers differ by a digit
    :param former_number: whether one has a number that the other one had before
    """

    name: float
    same_birth_date: bool | None = None
    same_phone: bool = False
    same_household: bool = False
    two_identities: bool = False
    near_birth_date: bool = False
    near_number: bool = False
    former_number: bool = False

    def is_worth_a_look(self) -> bool:
        """Return whether a person should compare the files.

        A dependant listed in both files is enough: husband and wife may each have
        opened a file for the same family. So is a number that the other one had before.
        A shared telephone alone is no reason, because families and neighbours share
        one. A similar name alone is no reason either, if each file has its own identity
        number or birth date.
        """
        if self.same_household or self.former_number:
            return True
        if self.same_birth_date:
            return self.name >= NAME_WITH_BIRTH_DATE
        if self.near_birth_date and self.name >= NAME_WITH_NEAR_BIRTH_DATE:
            return True
        if self.same_birth_date is False:
            alike = self.same_phone or self.near_number
            return alike and self.name >= NAME_AGAINST_BIRTH_DATE
        if self.same_phone and self.name >= NAME_WITH_PHONE:
            return True
        if self.near_number and self.name >= NAME_WITH_NEAR_NUMBER:
            return True
        return not self.two_identities and self.name >= NAME_ALONE

    def score(self) -> int:
        """Return how well the files agree, from 0 to 100."""
        born = 1 if self.same_birth_date else self.near_birth_date * NEAR
        reached = 1 if self.same_phone else self.near_number * NEAR
        tied = self.same_household or self.former_number
        return min(
            100,
            round(
                self.name * NAME_WEIGHT
                + born * BIRTH_DATE_WEIGHT
                + reached * PHONE_WEIGHT
                + tied * HOUSEHOLD_WEIGHT
            ),
        )
