"""What is kept since 1.1, filled in from where it was read before.

In SQL: decisions that are sealed refuse to be written otherwise, and a seal does not
hold names that were added after it.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

# Official papers alone: codes of their sequences.
SEQUENCES = ("beneficiary.letter", "beneficiary.committee.session")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(
        SQL(
            "UPDATE beneficiary_decision decision"
            " SET amount_requested = request.amount_requested"
            " FROM beneficiary_request request"
            " WHERE request.id = decision.request_id"
            " AND decision.amount_requested IS NULL"
        )
    )
    cr.execute(
        SQL(
            "UPDATE beneficiary_request request"
            " SET review_days = GREATEST(policy.review_days, service.review_days)"
            " FROM beneficiary_policy policy, beneficiary_service service"
            " WHERE policy.id = request.policy_id AND service.id = request.service_id"
            " AND request.raised_on IS NOT NULL AND request.released_on IS NULL"
        )
    )
    _fill_rejections(env)
    _draw_without_gaps(env)
    env.invalidate_all()


def _fill_rejections(env):
    """What letters of rejections say: the reason, and until when one may appeal."""
    env.cr.execute(
        SQL(
            "UPDATE beneficiary_decision decision SET rejection_words ="
            " COALESCE(reason.name ->> file.lang, reason.name ->> 'en_US')"
            " FROM beneficiary_rejection_reason reason, beneficiary_request request,"
            " beneficiary_beneficiary file"
            " WHERE reason.id = decision.rejection_reason_id"
            " AND request.id = decision.request_id"
            " AND file.id = request.beneficiary_id"
            " AND decision.released_on IS NOT NULL"
        )
    )
    rejections = env["beneficiary.decision"].search(
        [("outcome", "=", "rejected"), ("released_on", "!=", False)]
    )
    for (company, moment), decisions in rejections.grouped(
        lambda decision: (decision.company_id, decision.released_on)
    ).items():
        env.cr.execute(
            SQL(
                "UPDATE beneficiary_decision SET appeal_until = %s WHERE id = ANY(%s)",
                company._get_beneficiary_appeal_end(moment),
                decisions.ids,
            )
        )


def _draw_without_gaps(env):
    """Numbers of official papers go on where they are, from now on without a gap."""
    sequences = env["ir.sequence"].search(
        [("code", "in", list(SEQUENCES)), ("implementation", "=", "standard")]
    )
    for sequence in sequences:
        sequence.write(
            {
                "number_next": sequence.number_next_actual,
                "implementation": "no_gap",
            }
        )
