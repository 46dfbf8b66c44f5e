"""The services of an association, with their papers, questions and budgets.

Imports from: rules, mixins.
"""

from . import (
    service_line_mixin,
    service,
    service_portal,
    service_document,
    service_question,
    service_question_option,
    service_budget,
)
