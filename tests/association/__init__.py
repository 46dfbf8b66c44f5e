from . import (
    test_holiday_access,
    test_numbers,
)
