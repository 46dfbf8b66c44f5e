from . import (
    test_seal,
    test_seal_verification,
)
