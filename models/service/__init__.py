"""What the association offers: papers, questions and budgets of a service.

Imports from: rules.
"""

from . import (
    service,
    service_document,
    service_question,
    service_question_option,
    service_budget,
)
