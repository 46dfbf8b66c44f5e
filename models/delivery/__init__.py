"""Deliveries and their receipts.

Imports from: rules, mixins, association.
"""

from . import (
    delivery,
    delivery_portal,
    delivery_receipt,
    delivery_flow,
    delivery_once,
    delivery_notice,
    delivery_correction,
)
