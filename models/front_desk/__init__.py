"""Interactions, complaints, outreach, improvements and shared answers.

Imports from: rules, mixins.
"""

from . import (
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
)
