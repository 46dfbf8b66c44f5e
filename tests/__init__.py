from . import (
    test_request_flow,
    test_rules_arabic,
    test_rules_clock,
    test_rules_hijri,
    test_rules_identity,
    test_rules_quorum,
)
