"""What is handed over, and the receipt.

Imports from: rules, association.
"""

from . import (
    delivery_flow,
    delivery_receipt,
    delivery,
)
