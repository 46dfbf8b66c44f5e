"""The board's policy, with its channels and tools.

Imports from: rules, mixins.
"""

from . import (
    channel,
    tool,
    tool_form,
    policy,
    policy_public,
    policy_line,
)
