from . import (
    test_demo_removal,
    test_holiday_access,
    test_numbers,
    test_setup,
)
