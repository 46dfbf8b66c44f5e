"""Access to the portal that was taken away before stays taken away.

Since 1.6 an association may let the first one-time code open an account. A file whose
account was closed needs an invitation first, and says so in a column of its own.
"""


def migrate(cr, version):
    cr.execute(
        """UPDATE beneficiary_beneficiary file SET is_portal_closed = TRUE
            WHERE NOT EXISTS (SELECT FROM beneficiary_portal_user_rel
                               WHERE beneficiary_id = file.id)
              AND EXISTS (SELECT FROM res_users
                           WHERE partner_id = file.partner_id AND share)"""
    )
