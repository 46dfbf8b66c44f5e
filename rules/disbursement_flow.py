"""The states of a list of disbursement, and of each payment in it (R52).

Both tables have the same shape as the table of a request (``rules/flow.py``). A list is
frozen once it is approved. What the bank answers is written on its payments, and a
payment that came back is never paid again itself: its deliveries are planned again, and
a later list has them.
"""

from .flow import MANAGER, OFFICERS, SYSTEM, Move

APPROVE = Move("approve", frozenset([MANAGER]), guards=("payments", "second", "own"))
# Until the file for the bank was made, nobody outside has seen the list.
REOPEN = Move(
    "reopen",
    frozenset([MANAGER]),
    guards=("not_exported", "unanswered"),
    asks=("reason",),
)
# The bank has answered each payment.
FINISH = Move("finish", frozenset([SYSTEM]))

TRANSITIONS = {
    "draft": {"approved": APPROVE},
    "approved": {"draft": REOPEN, "done": FINISH},
    "done": {},
}
# States in which a list is what was approved, to the letter.
FROZEN = frozenset(TRANSITIONS) - {"draft"}

PAY = Move("pay", OFFICERS, guards=("frozen", "own", "paid_on"))
RETURN = Move("return", OFFICERS, guards=("frozen", "own"), asks=("reason",))

PAYMENTS = {
    "waiting": {"paid": PAY, "returned": RETURN},
    # Banks send a transfer back days after they said that it was paid.
    "paid": {"returned": RETURN},
    "returned": {},
}
