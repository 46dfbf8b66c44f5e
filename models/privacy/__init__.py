"""What a person may ask about their own data: consents, a copy, correction, erasure.

Imports from: rules, mixins, association.
"""

from . import (
    consent,
    data_request,
    data_request_portal,
    data_copy,
    beneficiary_privacy,
)
