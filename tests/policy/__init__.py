from . import (
    test_circulation,
    test_channel_names,
    test_clauses,
    test_policies,
    test_policy_force,
    test_policy_text,
    test_policy_upgrade,
    test_typed_evidence,
)
