"""When two files may be one person, and how sure that is.

A likeness is a reason for a person to look; the system never decides. Names are
compared by PostgreSQL's trigram similarity of their search keys. The order of the words
makes no difference. One wrong letter in four words gives about 0.78, a left-out word
0.8, and two children of one father about 0.7.
"""

from dataclasses import dataclass

# The least similarity of names that is worth a look, by the other data that agree.
NAME_WITH_BIRTH_DATE = 0.5
NAME_WITH_PHONE = 0.72
NAME_ALONE = 0.75
# With the same telephone but different birth dates, the two are relatives, unless the
# names are nearly the same.
NAME_AGAINST_BIRTH_DATE = 0.9

NAME_WEIGHT, BIRTH_DATE_WEIGHT, PHONE_WEIGHT, HOUSEHOLD_WEIGHT = 60, 25, 15, 40


@dataclass(frozen=True)
class Likeness:
    """The data that two files have in common.

    :param name: similarity of the names, from 0 to 1
    :param same_birth_date: None if one of the dates is not known
    :param same_phone: whether both have the same telephone number
    :param same_household: whether a dependant, by identity number, is listed in both
    :param two_identities: whether both have an identity number; these always differ
    """

    name: float
    same_birth_date: bool | None = None
    same_phone: bool = False
    same_household: bool = False
    two_identities: bool = False

    def is_worth_a_look(self) -> bool:
        """Return whether a person should compare the files.

        A dependant listed in both files is enough: husband and wife may each have
        opened a file for the same family. A shared telephone alone is no reason,
        because families and neighbours share one. A similar name alone is no reason
        either, if each file has its own identity number or birth date.
        """
        if self.same_household:
            return True
        if self.same_birth_date:
            return self.name >= NAME_WITH_BIRTH_DATE
        if self.same_birth_date is False:
            return self.same_phone and self.name >= NAME_AGAINST_BIRTH_DATE
        if self.same_phone and self.name >= NAME_WITH_PHONE:
            return True
        return not self.two_identities and self.name >= NAME_ALONE

    def score(self) -> int:
        """Return how well the files agree, from 0 to 100."""
        return min(
            100,
            round(
                self.name * NAME_WEIGHT
                + bool(self.same_birth_date) * BIRTH_DATE_WEIGHT
                + self.same_phone * PHONE_WEIGHT
                + self.same_household * HOUSEHOLD_WEIGHT
            ),
        )
