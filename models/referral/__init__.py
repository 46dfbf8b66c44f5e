"""Clarifications and case studies.

Imports from: rules.
"""

from . import (
    referral_flow,
    referral_clock,
    referral_study,
    referral,
    referral_finding,
    referral_photo,
)
