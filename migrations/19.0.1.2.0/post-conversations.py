"""Secrets of requests, and followers who are told nothing of a request any more.

In SQL: a database may hold millions of requests.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

# Records that applicants read, and on which committee members follow nothing.
MODELS = ("beneficiary.request", "beneficiary.beneficiary")


def migrate(cr, version):
    cr.execute(
        SQL(
            "UPDATE beneficiary_request"
            " SET access_token = gen_random_uuid()::text || gen_random_uuid()::text"
            " WHERE COALESCE(access_token, '') = ''"
        )
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in MODELS:
        _unfollow(env, name)
    env.invalidate_all()


def _unfollow(env, name):
    """Remove followers who are told of no word on the records of this model."""
    followers = env["mail.followers"].search([("res_model", "=", name)])
    records = env[name].browse(set(followers.mapped("res_id"))).exists()
    groups = records._group_by_followers(followers.partner_id)
    allowed = {
        record.id: partners for followed, partners in groups for record in followed
    }
    followers.filtered(
        lambda follower: (
            follower.res_id in allowed
            and follower.partner_id not in allowed[follower.res_id]
        )
    ).unlink()
