"""The board's policy, with its channels and tools.

Imports from: rules, mixins.
"""

from . import (
    channel,
    tool,
    policy,
    policy_public,
    policy_line,
)
