"""Managers of before get the monthly digest, as new ones do."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    managers = env.ref("beneficiary_relations.group_manager").all_user_ids
    managers.filtered("active")._subscribe_to_beneficiary_digest()
