from . import (
    test_case_study,
    test_referral,
    test_referral_correction,
)
