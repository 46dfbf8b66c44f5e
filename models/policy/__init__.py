"""The board's policy, with its channels and tools.

Imports from: rules, mixins.
"""

from . import (
    named_mixin,
    channel,
    tool,
    policy,
    policy_public,
    policy_force,
    policy_line,
)
