"""The request: its life, its review clock and its side on the portal.

Imports from: rules, mixins, association, document.
"""

from . import (
    resource_calendar_leaves,
    rating_rating,
    request_effect,
    request_flow,
    request_guard,
    request_declaration,
    request_origin,
    request_pause,
    request_service,
    request_eligibility,
    request_escalation,
    request_clock,
    request_preview,
    request_portal,
    request_portal_page,
    request_referral,
    request_letter,
    request_delivery,
    request_delivery_portal,
    request_rating,
    request_appeal,
    request,
    request_answer,
    request_step,
    declaration,
    request_migration,
    appeal,
)
