"""Who says what about a record, and who is told of it: one table (R20, R21, R26).

A *word* is what an applicant can read: what the office and the person write to each
other. A *note* stays among staff. The roles are those of :mod:`.flow`, and two more.
"""

from .flow import APPLICANT, FRONT_DESK, RESEARCHER

WORD = "word"
NOTE = "note"

# A committee member, and an auditor, who reads all and writes nothing.
MEMBER = "member"
AUDITOR = "auditor"

# Committee members are told of no word: before they vote they know a person from the
# study alone, and no applicant's address lies in their mailboxes.
SAYS = {
    WORD: FRONT_DESK | {APPLICANT},
    NOTE: FRONT_DESK | {RESEARCHER, MEMBER},
}
TOLD = {
    WORD: FRONT_DESK | {APPLICANT, RESEARCHER},
    NOTE: FRONT_DESK | {RESEARCHER, MEMBER, AUDITOR},
}


def may_say(kind: str, roles: set[str]) -> bool:
    """Whether somebody with ``roles`` writes messages of ``kind``."""
    return bool(SAYS[kind] & roles)


def is_told(kind: str, roles: set[str]) -> bool:
    """Whether somebody with ``roles`` is told of messages of ``kind``.

    Reading comes first: nobody is told of a record that they may not read.
    """
    return bool(TOLD[kind] & roles)
