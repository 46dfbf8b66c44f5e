from . import (
    test_appeal,
    test_declaration,
    test_escalation,
    test_portal,
    test_portal_news,
    test_rating,
    test_release_killed,
    test_request_flow,
    test_request_search,
    test_request_transitions,
    test_review_clock,
    test_signer,
)
