from . import (
    test_case_study,
    test_referral,
)
