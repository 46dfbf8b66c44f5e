from . import (
    test_policies,
)
