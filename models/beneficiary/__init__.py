"""The beneficiary's file: person, household, account, duplicates and merges.

Imports from: rules, association.
"""

from . import (
    declared_mixin,
    file_mixin,
    birth_date_mixin,
    res_partner,
    category,
    beneficiary_import,
    beneficiary_identity,
    beneficiary_contact,
    beneficiary_account,
    beneficiary_household,
    beneficiary_state,
    beneficiary_verification,
    beneficiary_duplicate,
    beneficiary_merge,
    beneficiary,
    household_import,
    household_member,
    income_line,
    representative,
    duplicate,
    history,
)
