from . import (
    test_delivery,
    test_delivery_amounts,
    test_delivery_correction,
    test_delivery_plan,
    test_delivery_portal,
    test_disbursement,
    test_disbursement_bank,
)
