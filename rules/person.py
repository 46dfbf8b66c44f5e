"""A person as a row of a sheet names them: is a record the same person? (R44)"""

from dataclasses import dataclass

from .dates import Day, may_be_same


@dataclass(frozen=True)
class Person:
    """What a row says about who somebody is.

    :param number: the identity number as it would be stored, or ""
    :param state: the search key of the state that issued a foreign paper, or ""
    :param name: the search key of the name
    :param born: the birth date, or None
    :param phone: the telephone in its stored form, or ""
    """

    number: str = ""
    state: str = ""
    name: str = ""
    born: Day | None = None
    phone: str = ""

    @property
    def known_by(self):
        """What two rows about this person have in common."""
        return (self.number, self.state) if self.number else self


def is_contrary(one: Person, other: Person) -> bool:
    """Return whether the two cannot be one person: both say something else."""
    return (
        one.name != other.name
        or bool(one.born and other.born and not may_be_same(one.born, other.born))
        or bool(one.phone and other.phone and one.phone != other.phone)
    )


def is_proved(one: Person, other: Person) -> bool:
    """Return whether more than the name speaks for one person.

    :param one: a person that is not :func:`is_contrary` to ``other``
    """
    return bool((one.born and other.born) or (one.phone and other.phone))


def is_unknown(one: Person, other: Person) -> bool:
    """Return whether nothing but the name is known on either side."""
    return not (one.born or one.phone or other.born or other.phone)
