from . import (
    beneficiary_report,
    blank_request_report,
    decision_letter,
    ir_actions_report,
)
