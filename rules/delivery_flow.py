"""The states of a delivery: the one table of the allowed moves (R25).

The table has the same shape as the table of a request (``rules/flow.py``). A hand-over
is never undone: a mistake is cancelled, with a reason, before the hand-over.
"""

from .flow import APPLICANT, FRONT_DESK, OFFICERS, Move

HAND = Move("hand", FRONT_DESK, guards=("file", "hand_over"))
RECEIVE = Move("receive", FRONT_DESK | {APPLICANT}, guards=("alive", "receipt"))
# Handed over and signed for at once: only the front desk can make this move.
RECEIVE_AT_ONCE = Move("receive", FRONT_DESK, guards=("file", "hand_over", "receipt"))
CANCEL = Move("cancel", OFFICERS, asks=("reason",))

TRANSITIONS = {
    "planned": {"handed": HAND, "received": RECEIVE_AT_ONCE, "cancelled": CANCEL},
    "handed": {"received": RECEIVE},
    "received": {},
    "cancelled": {},
}

# States in which work is still to be done.
OPEN = frozenset(state for state, moves in TRANSITIONS.items() if moves)
