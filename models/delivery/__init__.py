"""What is handed over, and the receipt.

Imports from: rules, association.
"""

from . import (
    delivery,
    delivery_receipt,
    delivery_flow,
)
