from . import (
    test_catalogue_access,
    test_constraints,
    test_dates,
    test_email,
    test_foreign_ids,
    test_import,
    test_mixed_sheet,
    test_role_fields,
    test_signature,
    test_upload,
    test_wording,
)
