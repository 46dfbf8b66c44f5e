"""Give requests their secrets; remove followers who are told nothing any more.

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
    # Staff read who planned an activity, and not every applicant's contact.
    cr.execute(
        SQL(
            "UPDATE mail_activity SET create_uid = %s FROM res_users users"
            " WHERE users.id = mail_activity.create_uid AND users.share"
            " AND mail_activity.res_model LIKE 'beneficiary.%%'",
            SUPERUSER_ID,
        )
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in MODELS:
        _unfollow(env, name)
    env.invalidate_all()


def _unfollow(env, name):
    """Remove staff who may not follow the records of this model."""
    followers = env["mail.followers"].search(
        [("res_model", "=", name), ("partner_id.user_ids.share", "=", False)]
    )
    records = env[name].browse(set(followers.mapped("res_id"))).exists()
    allowed = {
        record_id: partners
        for group, told in records._group_by_followers(followers.partner_id)
        for partners in [set(told.ids)]
        for record_id in group.ids
    }
    followers.filtered(
        lambda follower: follower.partner_id.id not in allowed.get(follower.res_id, ())
    ).unlink()
