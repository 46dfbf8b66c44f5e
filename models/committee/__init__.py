"""Seats, interests, votes, decisions, sessions and minutes.

Imports from: rules, mixins, association.
"""

from . import (
    res_users,
    member_news,
    committee,
    committee_member,
    committee_interest,
    rejection_reason,
    decision,
    decision_desk,
    decision_letter,
    letter_reissue,
    decision_reissue,
    decision_flow,
    decision_proposal,
    decision_ballot,
    decision_study,
    decision_session,
    vote,
    proposal,
    past_vote,
    committee_session,
    session_news,
    session_calendar,
    session_minutes,
    session_roll_call,
    session_agenda,
    session_flow,
    session_item,
    session_attendance,
    calendar_attendee,
    calendar_event,
    mail_activity,
    mail_activity_type,
)
