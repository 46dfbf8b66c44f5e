"""The day of the next review of each policy in force, by when it came into force."""

from odoo import SUPERUSER_ID, api
from odoo.tools import date_utils


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    policies = env["beneficiary.policy"].search(
        [("state", "=", "in_force"), ("review_due", "=", False)]
    )
    for policy in policies.filtered("in_force_on"):
        months = policy.company_id.beneficiary_policy_review_months
        if months:
            policy.review_due = date_utils.add(policy.in_force_on, months=months)
