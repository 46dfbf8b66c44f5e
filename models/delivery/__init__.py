"""Deliveries and their receipts.

Imports from: rules, mixins, association, beneficiary.
"""

from . import (
    delivery,
    delivery_portal,
    delivery_receipt,
    delivery_flow,
    delivery_once,
    delivery_notice,
    delivery_correction,
    delivery_disbursement,
    disbursement,
    disbursement_flow,
    disbursement_bank,
    disbursement_line,
    disbursement_line_flow,
    request_disbursement,
    service_budget,
)
