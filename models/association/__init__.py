"""The association itself: settings, roles, branches, calendar and numbers.

Imports from: rules, mixins.
"""

from . import (
    ir_default,
    ir_http_replica,
    ir_rule,
    ir_model_access,
    resource_calendar,
    res_company,
    res_currency,
    res_company_sequence,
    res_company_letterhead,
    company_setup,
    company_setup_page,
    company_setup_people,
    company_demo,
    res_users,
    res_users_role,
    ir_sequence,
    branch,
    res_config_settings,
    ir_ui_menu,
)
