"""The life of a committee's session: the one table of what may follow what (R19).

The same shape as the table of a request (``rules/flow.py``). The roles are those of
one committee: its chair and secretary in office; and the association's managers, who
plan on its behalf and decide nothing.
"""

from .flow import CHAIR, COMMITTEE, MANAGER, Move

KEEPERS = frozenset([COMMITTEE])
PLANNERS = frozenset([COMMITTEE, MANAGER])

OPEN = Move("open", KEEPERS)
POSTPONE = Move("postpone", PLANNERS, guards=("dates",), asks=("reason",))
CANCEL = Move("cancel", PLANNERS, asks=("reason",))
# Opened by mistake, or nobody came: where nothing was decided, it was not held.
CANCEL_OPENED = Move("cancel", PLANNERS, guards=("nothing_decided",), asks=("reason",))
END = Move("end", KEEPERS, guards=("attendance",))
# Who was there may be marked anew until the closing: it is asked for again.
CLOSE = Move("close", frozenset([CHAIR]), guards=("attendance", "signatures"))

TRANSITIONS = {
    "planned": {"open": OPEN, "planned": POSTPONE, "cancelled": CANCEL},
    "open": {"minutes": END, "cancelled": CANCEL_OPENED},
    "minutes": {"closed": CLOSE},
    "closed": {},
    "cancelled": {},
}

# What is written by hand in each state; nothing once the session is closed, or was
# cancelled: what was wrong with it is put right by a later session.
WRITABLE = {
    "planned": frozenset(["place", "corrects_id", "item_ids"]),
    "open": frozenset(["place", "item_ids"]),
    "minutes": frozenset(["minutes", "signed_paper", "signed_paper_name"]),
    "closed": frozenset(),
    "cancelled": frozenset(),
}
# States with an agenda that still is worked on.
AGENDA_OPEN = frozenset(
    state for state, names in WRITABLE.items() if "item_ids" in names
)
# States in which who was there is marked; marking anew voids what was signed.
ROLL_OPEN = frozenset(["open", "minutes"])
