"""One table of the roles that write and receive messages on records (R20, R21, R26).

A *word* is a message that an applicant can read: the office and the person write words
to each other. A *note* stays among staff. The roles are the roles of :mod:`.flow`, and
two more.
"""

from .flow import APPLICANT, FRONT_DESK, RESEARCHER

WORD = "word"
NOTE = "note"

# The two roles: a committee member, and an auditor, who reads everything and writes
# nothing.
MEMBER = "member"
AUDITOR = "auditor"

# Committee members are not told of words. Before they vote, they should know a person
# only from the study, and no applicant's address should be in their mailboxes.
SAYS = {
    WORD: FRONT_DESK | {APPLICANT},
    NOTE: FRONT_DESK | {RESEARCHER, MEMBER},
}
TOLD = {
    WORD: FRONT_DESK | {APPLICANT, RESEARCHER},
    NOTE: FRONT_DESK | {RESEARCHER, MEMBER, AUDITOR},
}


def may_say(kind: str, roles: set[str]) -> bool:
    """Whether somebody with ``roles`` may write messages of ``kind``."""
    return bool(SAYS[kind] & roles)


def is_told(kind: str, roles: set[str]) -> bool:
    """Whether somebody with ``roles`` is told of messages of ``kind``.

    The right to read is checked elsewhere: nobody is told of an unreadable record.
    """
    return bool(TOLD[kind] & roles)
