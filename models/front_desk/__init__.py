"""Interactions, complaints, outreach, improvements and shared answers.

Imports from: rules.
"""

from . import (
    res_company_mailbox,
    interaction_party,
    interaction_complaint,
    interaction_mail,
    interaction,
    improvement,
    outreach,
    outreach_line,
    question_answer,
)
