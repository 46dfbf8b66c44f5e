"""The states of a delivery: the one table of the allowed moves (R25).

The table has the same shape as the table of a request (``rules/flow.py``). A hand-over
is never deleted: what went wrong is said with a reason, and the delivery is planned
again as another one, which names it.
"""

from .flow import APPLICANT, FRONT_DESK, MANAGER, OFFICERS, SYSTEM, Move

HAND = Move("hand", FRONT_DESK, guards=("file", "hand_over"))
RECEIVE = Move("receive", FRONT_DESK | {APPLICANT}, guards=("alive", "receipt"))
# Handed over and signed for at once: only the front desk can make this move.
RECEIVE_AT_ONCE = Move("receive", FRONT_DESK, guards=("file", "hand_over", "receipt"))
CANCEL = Move("cancel", OFFICERS, asks=("reason",))
# A transfer that came back, or goods that were given back.
TAKE_BACK = Move("take_back", OFFICERS, guards=("not_own",), asks=("reason",))
# It reached somebody else, who owes it.
MISDELIVER = Move("misdeliver", OFFICERS, guards=("not_own", "owed"), asks=("reason",))
# It was recorded by mistake: a wrong amount, or a receipt that should not be.
VOID = Move("void", frozenset([MANAGER]), guards=("not_own",), asks=("reason",))
# The bank did not make the transfer: the list of disbursement says so.
BOUNCE = Move("bounce", frozenset([SYSTEM]))

TRANSITIONS = {
    "planned": {
        "handed": HAND,
        "received": RECEIVE_AT_ONCE,
        "cancelled": CANCEL,
        "returned": BOUNCE,
    },
    "handed": {
        "received": RECEIVE,
        "returned": TAKE_BACK,
        "misdelivered": MISDELIVER,
        "voided": VOID,
    },
    "received": {"returned": TAKE_BACK, "misdelivered": MISDELIVER, "voided": VOID},
    "misdelivered": {"returned": TAKE_BACK, "voided": VOID},
    "returned": {"voided": VOID},
    "voided": {},
    "cancelled": {},
}

# States in which work is still to be done.
OPEN = frozenset(["planned", "handed"])
# States in which a delivery is a part of what was granted.
KEPT = OPEN | {"received"}
# States of what the person did not get after all.
GONE = frozenset(TRANSITIONS) - KEPT
