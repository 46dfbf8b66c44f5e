from . import (
    test_compliance,
    test_compliance_figures,
    test_compliance_speed,
    test_compliance_transfer,
    test_evidence,
)
