"""Interactions, complaints, visits, outreach, improvements and shared answers.

Imports from: rules, mixins, association.
"""

from . import (
    told_mixin,
    voice_mixin,
    res_company_mailbox,
    interaction,
    interaction_news,
    interaction_mail,
    interaction_complaint,
    interaction_rating,
    interaction_party,
    improvement,
    improvement_rating,
    outreach,
    outreach_line,
    question_answer,
    interaction_once,
    interaction_desk,
    interaction_portal,
    appointment,
    appointment_slot,
    appointment_flow,
    appointment_calendar,
    appointment_news,
    appointment_portal,
    calendar_event,
    interaction_visit,
)
