from . import (
    test_channel_names,
    test_clauses,
    test_evidence,
    test_policies,
    test_policy_force,
    test_policy_text,
)
