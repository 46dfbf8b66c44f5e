from . import (
    test_circulation,
    test_policies,
)
