from odoo.tools import SQL

from .models.association.res_company_sequence import SEQUENCES


def uninstall_hook(env):
    """Archive the contacts behind files, and end their portal access.

    The record rule that hides people in need from other staff goes with the addon. SQL
    is used because there may be a million contacts, and nothing else about them may
    change. A colleague's contact stays as it is.
    """
    # Each association has its own sequences, which are not part of the addon's data.
    env["ir.sequence"].search([("code", "in", SEQUENCES)]).unlink()
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            WITH hidden AS (
                UPDATE res_partner AS partner SET active = false
                 WHERE partner.is_beneficiary_contact
                   AND NOT EXISTS (SELECT 1 FROM res_users AS colleague
                                    WHERE colleague.partner_id = partner.id
                                      AND colleague.active AND NOT colleague.share)
             RETURNING partner.id
            )
            UPDATE res_users SET active = false
             WHERE partner_id IN (SELECT id FROM hidden)
            """
        )
    )
    env.invalidate_all()
    env.registry.clear_cache()
