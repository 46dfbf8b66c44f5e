"""The states of a file: the one table of the allowed moves.

For every state, the table names the states that may follow, and the move to each of
them. A move names the roles that may make it, the input that it asks for, and the
guards that must hold. The guards live with the record
(``models/beneficiary/beneficiary_state.py``). Buttons, import and RPC all pass through
this table.
"""

from .flow import FRONT_DESK, MANAGER, OFFICERS, Move

ACTIVATE = Move("activate", OFFICERS)
SUSPEND = Move("suspend", OFFICERS, asks=("reason",))
CLOSE = Move("close", frozenset([MANAGER]), guards=("open_requests",), asks=("reason",))
REOPEN = Move("reopen", frozenset([MANAGER]), asks=("reason",))
# Whoever hears of a death records it: from then on nothing happens in that name.
RECORD_DEATH = Move("record_death", FRONT_DESK, guards=("death",), asks=("reason",))
CORRECT_DEATH = Move("correct_death", frozenset([MANAGER]), asks=("reason",))

DECEASED = "deceased"
TRANSITIONS = {
    "new": {"active": ACTIVATE, "closed": CLOSE, DECEASED: RECORD_DEATH},
    "active": {"suspended": SUSPEND, "closed": CLOSE, DECEASED: RECORD_DEATH},
    "suspended": {"active": ACTIVATE, "closed": CLOSE, DECEASED: RECORD_DEATH},
    "closed": {"active": REOPEN, DECEASED: RECORD_DEATH},
    DECEASED: {"active": CORRECT_DEATH},
}

# States in which requests are taken, and go on to the committee and to the delivery.
SERVED = frozenset(["new", "active"])

# States in which the file describes a known person, and so can be reviewed.
REVIEWED = frozenset(["active", "suspended"])
# Only the moves and the review write these: create, write and import refuse them.
STATE_FIELDS = frozenset(
    [
        "state",
        "state_reason",
        "state_changed_on",
        "state_changed_by_id",
        "death_date",
        "successor_id",
        "handed_member_ids",
        "handed_request_ids",
        "verified_on",
        "review_due_on",
        "review_asked_on",
        "review_retry_on",
    ]
)
