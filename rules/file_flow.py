"""The states of a file: the one table of the allowed moves.

For every state, the table names the states that may follow, and the move to each of
them. A move names the roles that may make it, the input that it asks for, and the
guards that must hold. The guards live with the record
(``models/beneficiary/beneficiary_state.py``). Buttons, import and RPC all pass through
this table.
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

# States in which the file describes a known person, and so can be reviewed.
REVIEWED = frozenset(["active", "suspended"])
# Only the moves and the review write these: create, write and import refuse them.
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
