"""The states of a request: the one table of the allowed moves (R10, R18-R25).

For every state, the table names the states that may follow, and the move to each of
them. A move names the roles that may make it, the input that it asks for, the guards
that must hold, and the step of the policy that it performs. The guards themselves live
with the record (``models/request/request_guard.py``). Buttons, portal, scheduled
action, import and RPC all pass through this table.
"""

from dataclasses import dataclass

DELEGATE = "delegate"
OFFICER = "officer"
MANAGER = "manager"
RESEARCHER = "researcher"
APPLICANT = "applicant"
# Chair or secretary of the committee that studies the request; only its chair.
COMMITTEE = "committee"
CHAIR = "chair"
# The scheduled action, which acts for no person.
SYSTEM = "system"

FRONT_DESK = frozenset([DELEGATE, OFFICER, MANAGER])
OFFICERS = frozenset([OFFICER, MANAGER])


@dataclass(frozen=True)
class Move:
    """One way from a state to another.

    :param name: the record's method is ``action_<name>``
    :param roles: the roles that may make the move
    :param guards: codes of the guards that must hold
    :param asks: input that the user must give: ``evidence`` or ``reason``
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
    guards=("file", "channel", "description", "reception"),
    asks=("evidence",),
    step="receive",
)
VERIFY = Move(
    "verify",
    OFFICERS,
    guards=("alive", *COMPLETENESS),
    asks=("evidence",),
    step="verify",
)
DECLARE = Move(
    "declare", FRONT_DESK | {APPLICANT}, guards=("alive", "signature"), step="declare"
)
RAISE = Move(
    "raise",
    OFFICERS,
    guards=("file", *COMPLETENESS, "declaration", "referral", "notice", "committee"),
)
RETURN = Move("return", OFFICERS, guards=("alive",), asks=("reason",))
RETURN_FOR_COMPLETION = Move(
    "return",
    frozenset([MANAGER, COMMITTEE]),
    guards=("alive", "no_interest"),
    asks=("reason",),
)
# Declared data were changed: the signature no longer holds.
VOID = Move("void", frozenset([SYSTEM]))
DECIDE = Move(
    "decide", frozenset([COMMITTEE]), guards=("alive", "outcome", "declaration")
)
RELEASE = Move(
    "release",
    OFFICERS | {SYSTEM, CHAIR},
    guards=("alive", "outcome", "review_floor"),
)
REGISTER = Move(
    "register",
    OFFICERS,
    guards=("file", *COMPLETENESS),
    asks=("evidence",),
    step="register",
)
DELIVER = Move(
    "deliver",
    OFFICERS,
    guards=("owed", "deliveries"),
    asks=("evidence",),
    step="deliver",
)
# Nobody is left without the reply (R20).
CLOSE = Move("close", OFFICERS, guards=("reply",))
# The ways to a new study of a rejection (R42).
APPEAL = Move(
    "appeal",
    FRONT_DESK | {APPLICANT},
    guards=("alive", "appeal", "appeal_channel"),
    asks=("reason",),
)
REOPEN = Move(
    "reopen", frozenset([MANAGER]), guards=("alive", "rejected"), asks=("reason",)
)
# An acceptance that is taken back, and a request that was cancelled by mistake. The
# study begins anew; nothing that was handed over is decided about twice.
TAKE_BACK = Move(
    "reopen", frozenset([MANAGER]), guards=("alive", "nothing_handed"), asks=("reason",)
)
RESTORE = Move(
    "reopen",
    frozenset([MANAGER]),
    guards=("alive", "was_submitted", "file", "nothing_handed"),
    asks=("reason",),
)
# Delivered by mistake, or a delivery came back (see ``delivery_flow.py``).
REDELIVER = Move(
    "redeliver", frozenset([MANAGER]), guards=("alive", "granted"), asks=("reason",)
)
CANCEL = Move("cancel", OFFICERS | {APPLICANT}, asks=("reason",))
# A recused member may not end the study in another role either (R19).
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
    "decided": {
        "accepted": RELEASE,
        "rejected": RELEASE,
        # A mistake that is seen before the reply leaves.
        "submitted": RETURN_FOR_COMPLETION,
        "cancelled": CANCEL_STUDY,
    },
    "accepted": {"registered": REGISTER, "submitted": TAKE_BACK, "cancelled": CANCEL},
    "registered": {"delivered": DELIVER, "submitted": TAKE_BACK, "cancelled": CANCEL},
    "rejected": {"closed": CLOSE, "in_review": APPEAL, "submitted": REOPEN},
    "delivered": {"closed": CLOSE, "registered": REDELIVER},
    # After a rejection is closed, it may still be appealed or reopened.
    "closed": {"in_review": APPEAL, "submitted": REOPEN, "registered": REDELIVER},
    "cancelled": {"submitted": RESTORE},
}

# The usual next state of a request; the checklist looks ahead to it.
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

# States in which the office makes the usual next move.
OFFICE_TURN = frozenset(
    state for state, after in NEXT.items() if TRANSITIONS[state][after].roles & OFFICERS
)
# States in which the content of the request may still be written.
EDITABLE = frozenset(["draft", "submitted"])
# States before the committee gets the request; the committee may still be changed.
PREPARING = EDITABLE | {"verified", "declared"}
# States in which a change of declared data voids the declaration.
DECLARED = frozenset(["declared", "in_review"])
# States in which a committee studies it, or its reply is held.
STUDIED = frozenset(["in_review", "decided"])
# States in which a raised request can be late.
RUNNING = (PREPARING - {"draft"}) | {"in_review"}
CLOSED = frozenset(["closed", "cancelled"])
# States in which nothing more is handed over, unless a delivery came back.
DELIVERED = frozenset(["delivered", "closed"])
# States after the reply.
ANSWERED = frozenset(["accepted", "rejected", "registered", "delivered", "closed"])

# States as the applicant sees them: "decided" looks like "in review" (R21).
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


# Members are reminded this many days before the reply is due; a manager is told this
# many days after the due date.
REMIND_DAYS = 3
# Activities that tell the office to continue with a request, until it moves on.
PORTAL_NEWS = "beneficiary_relations.mail_activity_type_portal"
NEXT_STEP = "beneficiary_relations.mail_activity_type_next_step"
# Asks a member for a vote; tells who can act that a reply is late or could not leave.
VOTE = "beneficiary_relations.mail_activity_type_vote"
LATE = "beneficiary_relations.mail_activity_type_late"
# Asks an officer to tell the applicant what no electronic message could.
NOTICE = "beneficiary_relations.mail_activity_type_notice"
