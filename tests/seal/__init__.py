from . import (
    test_export_log,
    test_seal,
    test_seal_verification,
)
