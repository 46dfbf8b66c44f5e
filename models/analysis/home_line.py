"""The lines of the first screen: what each of them counts, and for whom."""

from collections.abc import Callable
from dataclasses import dataclass

from odoo import SUPERUSER_ID
from odoo.tools import LazyTranslate
from odoo.tools.translate import LazyGettext

from ...rules import flow

_lt = LazyTranslate(__name__)

DELEGATE = "group_delegate"
OFFICER = "group_officer"
MANAGER = "group_manager"
RESEARCHER = "group_researcher"
MEMBER = "group_committee"
AUDITOR = "group_auditor"
GROUPS = (DELEGATE, OFFICER, MANAGER, RESEARCHER, MEMBER, AUDITOR)
# Where a line stands: what one person has to do, what anybody of the office may take,
# and how the association stands.
MINE = "mine"
OFFICE = "office"
ASSOCIATION = "association"
OVERSEERS = (MANAGER, AUDITOR)


@dataclass(frozen=True)
class Line:
    """One line of the first screen: what it counts is what its list shows.

    :ivar key: its name in the code
    :ivar section: where it stands
    :ivar title: what is counted, in words
    :ivar model: the model of the records
    :ivar domain: function that takes the id of the acting user and returns the domain,
        which the count and the list share
    :ivar due: field that says what is due next
    :ivar action: XML id of the action whose views show the list
    :ivar groups: the line is shown to members of one of these groups
    :ivar oldest: field by which the oldest stands first, where it is not ``due``
    :ivar owing: states of the records whose ``due`` counts, where not all of them do
    """

    key: str
    section: str
    title: LazyGettext
    model: str
    domain: Callable
    due: str
    action: str
    groups: tuple
    oldest: str | None = None
    owing: frozenset = frozenset()


# A request keeps the date by which its reply was due after the reply has left.
REPLY_OWED = flow.PREPARING | {"in_review"}


def _mine(_uid):
    return [("waits_for_me", "=", True)]


LINES = (
    Line(
        "vote",
        MINE,
        _lt("Votes to Cast"),
        "beneficiary.vote",
        lambda uid: [
            ("user_id", "=", uid),
            ("choice", "=", False),
            ("decision_id.waits_for_me", "=", True),
        ],
        "reply_due_on",
        "vote_action",
        (MEMBER,),
    ),
    Line(
        "session",
        MINE,
        _lt("Committee Sessions Still Open"),
        "beneficiary.committee.session",
        lambda uid: [("state", "in", ("planned", "open", "minutes"))],
        "start",
        "committee_session_action",
        (MEMBER,),
    ),
    Line(
        "referral",
        MINE,
        _lt("Referrals to Answer"),
        "beneficiary.referral",
        _mine,
        "due_on",
        "referral_action",
        (RESEARCHER,),
    ),
    Line(
        "request",
        MINE,
        _lt("My Requests to Take Further"),
        "beneficiary.request",
        _mine,
        "reply_due_on",
        "request_action",
        (DELEGATE,),
        oldest="submitted_on",
        owing=REPLY_OWED,
    ),
    Line(
        "answer",
        MINE,
        _lt("Enquiries and Complaints to Answer"),
        "beneficiary.interaction",
        _mine,
        "answer_due_on",
        "interaction_action_complaint",
        (DELEGATE,),
    ),
    Line(
        "appointment",
        MINE,
        _lt("Calls and Visits to Arrange or to Log"),
        "beneficiary.appointment",
        _mine,
        "start",
        "appointment_action",
        (DELEGATE,),
    ),
    Line(
        "delivery",
        MINE,
        _lt("Deliveries to Hand Over"),
        "beneficiary.delivery",
        _mine,
        "planned_date",
        "delivery_action",
        (DELEGATE,),
    ),
    Line(
        "notice",
        MINE,
        _lt("People to Tell by Hand"),
        "beneficiary.notice",
        _mine,
        "queued_on",
        "notice_action",
        (DELEGATE,),
    ),
    Line(
        "document",
        MINE,
        _lt("Documents to Match"),
        "beneficiary.document",
        _mine,
        "handed_on",
        "document_action",
        (OFFICER,),
    ),
    Line(
        "file",
        MINE,
        _lt("Files to Open or to Review"),
        "beneficiary.beneficiary",
        _mine,
        "review_due_on",
        "beneficiary_action",
        (OFFICER,),
    ),
    Line(
        "improvement",
        MINE,
        _lt("Improvements to Carry Out"),
        "beneficiary.improvement",
        lambda uid: [("owner_id", "=", uid), ("state", "=", "open")],
        "due_on",
        "improvement_action",
        (OFFICER, RESEARCHER),
    ),
    Line(
        "branch_request",
        OFFICE,
        _lt("Requests of My Branch"),
        "beneficiary.request",
        lambda uid: [
            ("is_of_my_branch", "=", True),
            ("state", "in", sorted(flow.OFFICE_TURN)),
        ],
        "reply_due_on",
        "request_action",
        (DELEGATE,),
        oldest="submitted_on",
        owing=REPLY_OWED,
    ),
    Line(
        "unassigned_request",
        OFFICE,
        _lt("Requests Without an Officer"),
        "beneficiary.request",
        lambda uid: [
            ("officer_id", "=", False),
            ("state", "in", sorted(flow.OFFICE_TURN)),
        ],
        "reply_due_on",
        "request_action",
        (OFFICER,),
        oldest="submitted_on",
        owing=REPLY_OWED,
    ),
    Line(
        "unowned_answer",
        OFFICE,
        _lt("Enquiries and Complaints Without an Owner"),
        "beneficiary.interaction",
        lambda uid: [
            ("owner_id", "in", [False, SUPERUSER_ID]),
            ("answer_state", "=", "open"),
        ],
        "answer_due_on",
        "interaction_action_complaint",
        (OFFICER,),
    ),
    Line(
        "change",
        OFFICE,
        _lt("Proposed Changes to Decide"),
        "beneficiary.change",
        lambda uid: [("state", "=", "proposed")],
        "create_date",
        "change_action",
        (DELEGATE,),
    ),
    Line(
        "data_request",
        OFFICE,
        _lt("Requests About Data to Answer"),
        "beneficiary.data.request",
        lambda uid: [("state", "=", "open")],
        "due_on",
        "data_request_action",
        (OFFICER,),
    ),
    Line(
        "duplicate",
        OFFICE,
        _lt("Possible Duplicates to Review"),
        "beneficiary.duplicate",
        lambda uid: [("state", "=", "to_review")],
        "create_date",
        "duplicate_action",
        (OFFICER,),
    ),
    Line(
        "open",
        ASSOCIATION,
        _lt("Open Requests"),
        "beneficiary.request",
        lambda uid: [("state", "not in", sorted(flow.CLOSED))],
        "reply_due_on",
        "request_action",
        OVERSEERS,
        oldest="submitted_on",
        owing=REPLY_OWED,
    ),
    Line(
        "overdue",
        ASSOCIATION,
        _lt("Replies Overdue"),
        "beneficiary.request",
        lambda uid: [("is_overdue", "=", True)],
        "reply_due_on",
        "request_action",
        OVERSEERS,
    ),
    Line(
        "due_soon",
        ASSOCIATION,
        _lt("Replies Due This Week"),
        "beneficiary.request",
        lambda uid: [("is_due_this_week", "=", True)],
        "reply_due_on",
        "request_action",
        OVERSEERS,
    ),
    Line(
        "stuck",
        ASSOCIATION,
        _lt("Replies That Could Not Leave"),
        "beneficiary.request",
        lambda uid: [("state", "=", "decided"), ("clock_error", "!=", False)],
        "release_on",
        "request_action",
        OVERSEERS,
    ),
    Line(
        "applicant",
        ASSOCIATION,
        _lt("Requests That Wait for Their Applicant"),
        "beneficiary.request",
        lambda uid: [("waits_for_applicant", "=", True)],
        "submitted_on",
        "request_action",
        OVERSEERS,
    ),
    Line(
        "late_answer",
        ASSOCIATION,
        _lt("Enquiries and Complaints Overdue"),
        "beneficiary.interaction",
        lambda uid: [("is_overdue", "=", True)],
        "answer_due_on",
        "interaction_action_complaint",
        OVERSEERS,
    ),
    Line(
        "late_referral",
        ASSOCIATION,
        _lt("Referrals Overdue"),
        "beneficiary.referral",
        lambda uid: [("is_overdue", "=", True)],
        "due_on",
        "referral_action",
        OVERSEERS,
    ),
    Line(
        "late_delivery",
        ASSOCIATION,
        _lt("Deliveries Late"),
        "beneficiary.delivery",
        lambda uid: [("is_late", "=", True)],
        "planned_date",
        "delivery_action",
        OVERSEERS,
    ),
    Line(
        "late_improvement",
        ASSOCIATION,
        _lt("Improvements Overdue"),
        "beneficiary.improvement",
        lambda uid: [("is_overdue", "=", True)],
        "due_on",
        "improvement_action",
        OVERSEERS,
    ),
    Line(
        "late_data_request",
        ASSOCIATION,
        _lt("Requests About Data Overdue"),
        "beneficiary.data.request",
        lambda uid: [("is_overdue", "=", True)],
        "due_on",
        "data_request_action",
        OVERSEERS,
    ),
)
SECTIONS = (
    (MINE, _lt("My Work")),
    (OFFICE, _lt("The Office's Work")),
    (ASSOCIATION, _lt("The Association Today")),
)
# These fields say since when a record waits, and not until when.
SINCE = frozenset(["queued_on", "handed_on", "create_date", "submitted_on"])
