"""The states of a committee's session: the one table of the allowed moves (R19).

The table has the same shape as the table of a request (``rules/flow.py``). Its roles
belong to one committee: its chair and secretary in office, and the association's
managers, who plan sessions for the committee and decide nothing.
"""

from .flow import CHAIR, COMMITTEE, MANAGER, Move

KEEPERS = frozenset([COMMITTEE])
PLANNERS = frozenset([COMMITTEE, MANAGER])

OPEN = Move("open", KEEPERS)
POSTPONE = Move("postpone", PLANNERS, guards=("dates",), asks=("reason",))
CANCEL = Move("cancel", PLANNERS, asks=("reason",))
# A session that was opened by mistake, or that nobody attended. If nothing was decided,
# the session was not held.
CANCEL_OPENED = Move("cancel", PLANNERS, guards=("nothing_decided",), asks=("reason",))
END = Move("end", KEEPERS, guards=("attendance",))
# Attendance may be marked again until the closing, so it is checked again.
CLOSE = Move("close", frozenset([CHAIR]), guards=("attendance", "signatures"))

TRANSITIONS = {
    "planned": {"open": OPEN, "planned": POSTPONE, "cancelled": CANCEL},
    "open": {"minutes": END, "cancelled": CANCEL_OPENED},
    "minutes": {"closed": CLOSE},
    "closed": {},
    "cancelled": {},
}

# Fields that are written by hand in each state. Nothing is written once the session is
# closed or cancelled: a later session corrects mistakes.
WRITABLE = {
    "planned": frozenset(["place", "corrects_id", "item_ids"]),
    "open": frozenset(["place", "item_ids"]),
    "minutes": frozenset(["minutes", "signed_paper", "signed_paper_name"]),
    "closed": frozenset(),
    "cancelled": frozenset(),
}
# States in which the agenda may still be changed.
AGENDA_OPEN = frozenset(
    state for state, names in WRITABLE.items() if "item_ids" in names
)
# States in which attendance is marked; marking it again voids the signatures.
ROLL_OPEN = frozenset(["open", "minutes"])
