from . import (
    test_beneficiary_household,
    test_beneficiary_identity,
    test_beneficiary_state,
    test_duplicates,
    test_duplicates_near,
    test_history,
    test_identity_types,
    test_merge,
    test_portal_account,
    test_portal_invite,
    test_representative,
    test_search,
)
