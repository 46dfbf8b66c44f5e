"""The board's policy, with its channels and tools.

Imports from: rules.
"""

from . import (
    channel,
    tool,
    policy,
    policy_line,
)
