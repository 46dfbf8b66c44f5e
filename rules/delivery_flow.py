"""The life of a delivery: the one table of what may follow what (R25).

The same shape as the table of a request (``rules/flow.py``). Nothing that was handed
over is undone: a mistake is cancelled, with its reason, before the hand-over.
"""

from .flow import APPLICANT, FRONT_DESK, OFFICERS, Move

HAND = Move("hand", FRONT_DESK, guards=("hand_over",))
RECEIVE = Move("receive", FRONT_DESK | {APPLICANT}, guards=("receipt",))
# Handed over and signed for on the spot: nobody is there but the desk.
RECEIVE_AT_ONCE = Move("receive", FRONT_DESK, guards=("hand_over", "receipt"))
CANCEL = Move("cancel", OFFICERS, asks=("reason",))

TRANSITIONS = {
    "planned": {"handed": HAND, "received": RECEIVE_AT_ONCE, "cancelled": CANCEL},
    "handed": {"received": RECEIVE},
    "received": {},
    "cancelled": {},
}

# States in which something is still to be done.
OPEN = frozenset(state for state, moves in TRANSITIONS.items() if moves)
