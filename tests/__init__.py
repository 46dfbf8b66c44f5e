from . import (
    test_access,
    test_committee_vote,
    test_policies,
    test_request_flow,
    test_request_messages,
    test_request_transitions,
    test_review_clock,
    test_rules_arabic,
    test_rules_clock,
    test_rules_hijri,
    test_rules_identity,
    test_rules_quorum,
)
