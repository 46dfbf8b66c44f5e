"""The life of a request: the one table of what may follow what (R10, R18-R25).

The table names, for every state, the states that may follow, the move that leads
there, who may make it, what it asks of the person who makes it, which guards must
hold, and which step of the policy it performs. The guards themselves live with the
record (``models/request/request_guard.py``); buttons, portal, scheduled action, import
and RPC all pass through the same table.
"""

from dataclasses import dataclass

DELEGATE = "delegate"
OFFICER = "officer"
MANAGER = "manager"
RESEARCHER = "researcher"
APPLICANT = "applicant"
# Chair or secretary of the committee that studies the request; chair alone.
COMMITTEE = "committee"
CHAIR = "chair"
# The scheduled action, which acts as nobody.
SYSTEM = "system"

FRONT_DESK = frozenset([DELEGATE, OFFICER, MANAGER])
OFFICERS = frozenset([OFFICER, MANAGER])


@dataclass(frozen=True)
class Move:
    """One way from a state to another.

    :param name: the record's method is ``action_<name>``
    :param roles: who may make it
    :param guards: codes of what must hold
    :param asks: what the mover must give, no default: ``evidence`` or ``reason``
    :param step: code of the policy's step that the move performs
    """

    name: str
    roles: frozenset
    guards: tuple = ()
    asks: tuple = ()
    step: str | None = None


COMPLETENESS = (
    "information",
    "data_matched",
    "papers_present",
    "papers_valid",
    "papers_matched",
)

SUBMIT = Move(
    "submit",
    FRONT_DESK | {APPLICANT},
    guards=("file", "channel", "description"),
    asks=("evidence",),
    step="receive",
)
VERIFY = Move(
    "verify", OFFICERS, guards=COMPLETENESS, asks=("evidence",), step="verify"
)
DECLARE = Move(
    "declare", FRONT_DESK | {APPLICANT}, guards=("signature",), step="declare"
)
RAISE = Move(
    "raise",
    OFFICERS,
    guards=(*COMPLETENESS, "declaration", "referral", "notice", "committee"),
)
RETURN = Move("return", OFFICERS, asks=("reason",))
RETURN_FOR_COMPLETION = Move(
    "return", frozenset([MANAGER, COMMITTEE]), guards=("no_interest",), asks=("reason",)
)
# Declared data were changed: what was signed no longer holds.
VOID = Move("void", frozenset([SYSTEM]))
DECIDE = Move("decide", frozenset([COMMITTEE]), guards=("outcome", "declaration"))
RELEASE = Move(
    "release", OFFICERS | {SYSTEM, CHAIR}, guards=("outcome", "review_floor")
)
REGISTER = Move(
    "register", OFFICERS, guards=COMPLETENESS, asks=("evidence",), step="register"
)
DELIVER = Move(
    "deliver",
    OFFICERS,
    guards=("deliveries",),
    asks=("evidence",),
    step="deliver",
)
CLOSE = Move("close", OFFICERS)
# The only two ways to a new study (R42).
APPEAL = Move(
    "appeal",
    FRONT_DESK | {APPLICANT},
    guards=("appeal", "appeal_channel"),
    asks=("reason",),
)
REOPEN = Move("reopen", frozenset([MANAGER]), guards=("rejected",), asks=("reason",))
CANCEL = Move("cancel", OFFICERS | {APPLICANT}, asks=("reason",))
# Who is recused does not end the study by another role either (R19).
CANCEL_STUDY = Move(
    "cancel", OFFICERS | {APPLICANT}, guards=("no_interest",), asks=("reason",)
)

TRANSITIONS = {
    "draft": {"submitted": SUBMIT, "cancelled": CANCEL},
    "submitted": {"verified": VERIFY, "draft": RETURN, "cancelled": CANCEL},
    "verified": {"declared": DECLARE, "submitted": RETURN, "cancelled": CANCEL},
    "declared": {
        "in_review": RAISE,
        "verified": VOID,
        "submitted": RETURN,
        "cancelled": CANCEL,
    },
    "in_review": {
        "decided": DECIDE,
        "submitted": RETURN_FOR_COMPLETION,
        "cancelled": CANCEL_STUDY,
    },
    "decided": {"accepted": RELEASE, "rejected": RELEASE, "cancelled": CANCEL_STUDY},
    "accepted": {"registered": REGISTER, "cancelled": CANCEL},
    "registered": {"delivered": DELIVER, "cancelled": CANCEL},
    "rejected": {"closed": CLOSE, "in_review": APPEAL, "submitted": REOPEN},
    "delivered": {"closed": CLOSE},
    # Closing a rejection takes neither right away.
    "closed": {"in_review": APPEAL, "submitted": REOPEN},
    "cancelled": {},
}

# Where a request goes when all is well: what the checklist looks ahead to.
NEXT = {
    "draft": "submitted",
    "submitted": "verified",
    "verified": "declared",
    "declared": "in_review",
    "in_review": "decided",
    "accepted": "registered",
    "registered": "delivered",
    "delivered": "closed",
    "rejected": "closed",
}

# States in which what was asked may still be written.
EDITABLE = frozenset(["draft", "submitted"])
# States before the committee has it; which committee that is may still be changed.
PREPARING = EDITABLE | {"verified", "declared"}
# States in which a change of declared data voids the declaration.
DECLARED = frozenset(["declared", "in_review"])
CLOSED = frozenset(["closed", "cancelled"])

# What the applicant sees. Nothing tells "decided" from "in review" (R21).
PORTAL_STATES = {"decided": "in_review"}


def portal_state(state):
    """Return the state that the applicant is shown for ``state``."""
    return PORTAL_STATES.get(state, state)


def states_before(name):
    """Return the states from which the move called ``name`` may be made."""
    return {
        state
        for state, moves in TRANSITIONS.items()
        if any(move.name == name for move in moves.values())
    }


def move_between(state, next_state):
    """Return the :class:`Move` from a state to another, or None when there is none."""
    return TRANSITIONS[state].get(next_state)


def find_moves(transitions, state, name):
    """Return the moves called ``name`` from ``state``, with the states they lead to.

    :param transitions: a table like :data:`TRANSITIONS`
    :return: list of pairs (state, :class:`Move`)
    """
    return [(to, move) for to, move in transitions[state].items() if move.name == name]


# Days before the reply is due at which members are reminded; a manager is told as many
# days after it.
REMIND_DAYS = 3
# What tells the office that a request is theirs again, until it moves on.
PORTAL_NEWS = "beneficiary_relations.mail_activity_type_portal"
NEXT_STEP = "beneficiary_relations.mail_activity_type_next_step"
