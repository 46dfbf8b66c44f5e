"""The request: its moves, its review clock and its portal pages.

Imports from: rules, mixins, association, document.
"""

from . import (
    resource_calendar_leaves,
    rating_rating,
    request_pause,
    request,
    request_appeal,
    request_search,
    request_each,
    request_portal_page,
    request_portal,
    request_rating,
    request_delivery,
    request_reissue,
    request_preview,
    request_escalation,
    request_release,
    request_clock,
    request_eligibility,
    request_service,
    request_defaults,
    request_declaration,
    request_effect,
    request_stop,
    request_guard,
    request_flow,
    request_answer,
    request_step,
    declaration,
    request_migration,
    appeal,
    request_once,
)
