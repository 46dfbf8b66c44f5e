"""The board's policy, with its channels and tools.

Imports from: rules, mixins.
"""

from . import (
    res_company_policy,
    res_config_settings_policy,
    named_mixin,
    channel,
    tool,
    tool_form,
    policy,
    policy_public,
    policy_portal,
    policy_sections,
    policy_paper,
    policy_compare,
    policy_due,
    policy_circulation,
    policy_approval,
    policy_force,
    policy_line,
    policy_review,
    acknowledgement,
)
