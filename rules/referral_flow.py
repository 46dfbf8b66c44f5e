"""The states of a referral: the one table of the allowed moves (R15).

The table has the same shape as the table of a request (``rules/flow.py``). Its roles
belong to one referral: the researcher named in it, the person who sent it, and the
managers of the association.
"""

from .flow import MANAGER, Move

RESEARCHER = "named_researcher"
SENDER = "sender"

ACCEPT = Move("accept", frozenset([RESEARCHER]), guards=("alive",))
ANSWER = Move("answer", frozenset([RESEARCHER]), guards=("alive", "answer"))
DECLINE = Move("decline", frozenset([RESEARCHER]), asks=("reason",))
REVOKE = Move("revoke", frozenset([SENDER, MANAGER]), asks=("reason",))
REASSIGN = Move("reassign", frozenset([MANAGER]), guards=("alive", "researcher"))
# Answered by mistake: taken up again, as long as the committee has not got the answer.
REOPEN = Move(
    "reopen",
    frozenset([RESEARCHER, MANAGER]),
    guards=("alive", "before_committee"),
    asks=("reason",),
)

# A clarification may be answered at once. A case study cannot be written, and so not
# answered, before it is accepted.
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
    "answered": {"accepted": REOPEN},
    "declined": {},
    "revoked": {},
}

# States in which the referral waits for an answer.
OPEN = frozenset(["sent", "accepted"])
