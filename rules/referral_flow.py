"""The life of a referral: the one table of what may follow what (R15).

The same shape as the table of a request (``rules/flow.py``). What the roles of this
table mean is a matter of one referral: the researcher it names, the person who sent
it, and the managers of the association.
"""

from .flow import MANAGER, Move

RESEARCHER = "named_researcher"
SENDER = "sender"

ACCEPT = Move("accept", frozenset([RESEARCHER]))
ANSWER = Move("answer", frozenset([RESEARCHER]), guards=("answer",))
DECLINE = Move("decline", frozenset([RESEARCHER]), asks=("reason",))
REVOKE = Move("revoke", frozenset([SENDER, MANAGER]), asks=("reason",))
REASSIGN = Move("reassign", frozenset([MANAGER]), guards=("researcher",))

# A clarification may be answered at once; a case study has nothing to answer with
# before it is accepted, because nothing of it can be written.
TRANSITIONS = {
    "sent": {
        "accepted": ACCEPT,
        "answered": ANSWER,
        "declined": DECLINE,
        "revoked": REVOKE,
        "sent": REASSIGN,
    },
    "accepted": {
        "answered": ANSWER,
        "declined": DECLINE,
        "revoked": REVOKE,
        "sent": REASSIGN,
    },
    "answered": {},
    "declined": {},
    "revoked": {},
}

# States in which an answer is waited for.
OPEN = frozenset(state for state, moves in TRANSITIONS.items() if moves)
