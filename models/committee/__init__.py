"""Seats, interests, votes, decisions, sessions and minutes.

Imports from: rules, association.
"""

from . import (
    session_committee,
    committee,
    committee_member,
    committee_interest,
    decision_session,
    decision_study,
    decision_letter,
    rejection_reason,
    decision_ballot,
    decision_flow,
    decision,
    vote,
    session_flow,
    session_agenda,
    session_roll_call,
    session_minutes,
    session_calendar,
    committee_session,
    session_item,
    session_attendance,
    calendar_attendee,
    calendar_event,
    mail_activity,
    mail_activity_type,
)
