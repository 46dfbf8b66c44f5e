"""What waits for whom, and how the association does: first screen, reports, digest.

Imports from: rules.
"""

from . import (
    request_report,
    interaction_report,
    home_line,
    home,
    home_figures,
    digest,
    res_users_digest,
)
