"""The figures that show that the policy is kept, and the evidence for them.

Imports from: rules, mixins.
"""

from . import (
    compliance_source_mixin,
    compliance_request,
    compliance_order,
    compliance_reply,
    compliance_contact,
    compliance_transfer,
    compliance_use,
    compliance_rating,
    compliance_improvement,
    compliance_version,
    compliance_reading,
    compliance,
    compliance_line,
    compliance_words,
    compliance_pack,
)
