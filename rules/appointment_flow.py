"""The states of a call or visit: the one table of the allowed moves (R33).

The table has the same shape as the table of a request (``rules/flow.py``).
"""

from .flow import APPLICANT, FRONT_DESK, Move

BOTH = FRONT_DESK | {APPLICANT}
# The office offers times; it may offer others while nobody has chosen.
OFFER = Move("offer", FRONT_DESK, guards=("alive", "times"))
# One of the offered times is chosen: by the person, or by the office on the telephone.
AGREE = Move("agree", BOTH, guards=("alive", "time"))
AGREE_AT_ONCE = Move("agree", FRONT_DESK, guards=("alive", "time"))
# None of the times fits, or the agreed one does no more.
ASK_AGAIN = Move("ask_again", BOTH, asks=("reason",))
CANCEL = Move("cancel", BOTH, asks=("reason",))
# It took place, and the contact was logged.
HOLD = Move("hold", FRONT_DESK, guards=("recorded",))
MISS = Move("miss", FRONT_DESK, guards=("begun",), asks=("reason",))

TRANSITIONS = {
    "asked": {
        "offered": OFFER,
        "agreed": AGREE_AT_ONCE,
        "held": HOLD,
        "cancelled": CANCEL,
    },
    "offered": {
        "offered": OFFER,
        "agreed": AGREE,
        "asked": ASK_AGAIN,
        "held": HOLD,
        "cancelled": CANCEL,
    },
    "agreed": {
        "asked": ASK_AGAIN,
        "held": HOLD,
        "missed": MISS,
        "cancelled": CANCEL,
    },
    "missed": {"asked": ASK_AGAIN, "held": HOLD},
    "held": {},
    "cancelled": {},
}

# States in which it is still to take place.
OPEN = frozenset(["asked", "offered", "agreed"])
# States in which times are offered and changed.
OFFERING = frozenset(["asked", "offered"])
