"""The states of a file: the one table of what may follow what.

The table names, for every state, the states that may follow and the move that leads
there: who may make it, what it asks of them, and which guards must hold. The guards
live with the record (``models/beneficiary/beneficiary_state.py``); buttons, import and
RPC all pass through the same table.
"""

from .flow import MANAGER, OFFICERS, Move

ACTIVATE = Move("activate", OFFICERS)
SUSPEND = Move("suspend", OFFICERS, asks=("reason",))
CLOSE = Move("close", frozenset([MANAGER]), guards=("open_requests",), asks=("reason",))
REOPEN = Move("reopen", frozenset([MANAGER]), asks=("reason",))

TRANSITIONS = {
    "new": {"active": ACTIVATE, "closed": CLOSE},
    "active": {"suspended": SUSPEND, "closed": CLOSE},
    "suspended": {"active": ACTIVATE, "closed": CLOSE},
    "closed": {"active": REOPEN},
}

# States in which the file says who the person is, and so can be reviewed.
REVIEWED = frozenset(["active", "suspended"])
# Written by the moves and the review alone: refused in create, write and import.
STATE_FIELDS = frozenset(
    [
        "state",
        "state_reason",
        "state_changed_on",
        "state_changed_by_id",
        "verified_on",
        "review_due_on",
        "review_asked_on",
        "review_retry_on",
    ]
)
