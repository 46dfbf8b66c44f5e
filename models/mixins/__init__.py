"""Mixins that models of several rooms share, one class per file.

Imports from: rules.
"""

from . import (
    id_guard_mixin,
    constraint_mixin,
    text_mixin,
    import_mixin,
    import_sheet,
    upload_mixin,
    wording_mixin,
    role_mixin,
    date_mixin,
    typed_search_mixin,
    typed_values_mixin,
    ir_fields_converter,
    base_import_date,
    once_mixin,
    beneficiary_mixin,
    submission,
    rating_link,
    rated_mixin,
    refusal,
    flow_mixin,
    next_mixin,
    signature_mixin,
    known_mixin,
    identity_mixin,
    sweep_mixin,
    kind_fit_mixin,
    archive_mixin,
    catalogue_mixin,
    branch_mixin,
    desk_mixin,
    each_mixin,
    assigned_mixin,
)
