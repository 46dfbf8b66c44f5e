"""Channels get an association, or stay shared and are changed by administrators.

Channels that came with the addon stay shared. One that people made and that one
association alone uses becomes its own, to go on changing it.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

RULES = (
    "tool_rule_company_write",
    "document_type_rule_company_write",
    "category_rule_company_write",
    "rejection_reason_rule_company_write",
)
OLD = "[('company_id', 'in', company_ids)]"
NEW = (
    "[('company_id', 'in', company_ids + [False]"
    " if user.has_group('base.group_system') else company_ids)]"
)
# Everything that names a channel and knows its association.
USES = (
    "SELECT channel_id, company_id FROM beneficiary_request",
    "SELECT channel_id, company_id FROM beneficiary_interaction",
    "SELECT channel_id, company_id FROM beneficiary_outreach",
    "SELECT channel_id, company_id FROM beneficiary_request_step",
    "SELECT channel_id, company_id FROM beneficiary_request_migration",
    "SELECT answer_channel_id, company_id FROM beneficiary_interaction",
    "SELECT told_channel_id, company_id FROM beneficiary_notice",
    "SELECT line.channel_id, policy.company_id FROM beneficiary_policy_channel line"
    " JOIN beneficiary_policy policy ON policy.id = line.policy_id",
)


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in RULES:
        rule = env.ref(f"beneficiary_relations.{name}", raise_if_not_found=False)
        # A rule that somebody changed on purpose is kept.
        if rule and rule.domain_force == OLD:
            rule.domain_force = NEW
    _give_channels(env)


def _give_channels(env):
    uses = SQL(" UNION ").join(SQL(use) for use in USES)  # pylint: disable=sql-injection
    env.cr.execute(
        SQL(
            "UPDATE beneficiary_channel channel SET company_id = used.company_id"
            " FROM (SELECT channel_id, MIN(company_id) AS company_id FROM (%s) AS uses"
            " GROUP BY channel_id HAVING COUNT(DISTINCT company_id) = 1"
            " AND COUNT(*) = COUNT(company_id)) AS used"
            " WHERE used.channel_id = channel.id AND channel.company_id IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM ir_model_data known"
            " WHERE known.model = 'beneficiary.channel' AND known.res_id = channel.id"
            " AND known.module = 'beneficiary_relations')",
            uses,
        )
    )
    env.invalidate_all()
