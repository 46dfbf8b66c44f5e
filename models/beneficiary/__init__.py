"""The beneficiary's file: person, household, account, duplicates and merges.

Imports from: rules, mixins, association.
"""

from . import (
    declared_mixin,
    beneficiary_line_mixin,
    birth_date_mixin,
    kin_mixin,
    category,
    beneficiary,
    beneficiary_merge,
    beneficiary_duplicate_query,
    beneficiary_duplicate,
    beneficiary_verification,
    beneficiary_state,
    beneficiary_household,
    beneficiary_account,
    beneficiary_contact,
    beneficiary_succession,
    beneficiary_death,
    beneficiary_reach,
    beneficiary_identity,
    beneficiary_import,
    beneficiary_desk,
    beneficiary_persons,
    res_partner,
    verification,
    household_member,
    household_import,
    household_persons,
    income_line,
    representative,
    duplicate,
    history,
    beneficiary_once,
    household_once,
)
