"""Clarifications and case studies.

Imports from: rules, mixins.
"""

from . import (
    referral,
    referral_study,
    referral_clock,
    referral_flow,
    referral_finding,
    referral_photo,
    resource_calendar_leaves,
)
