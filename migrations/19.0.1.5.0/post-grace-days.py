"""The grace days of running requests, filled in from their dates.

Since 1.5 a request keeps the grace days with which it was raised. Before, the distance
between its floor and its due date was all that told of them; time that it waited for
its applicant had been added to the due date.
"""

from odoo.tools import SQL


def migrate(cr, version):
    cr.execute(
        SQL(
            "UPDATE beneficiary_request request"
            " SET review_grace_days = GREATEST(0, ROUND(EXTRACT(EPOCH FROM"
            " reply_due_on - review_floor_on - COALESCE(("
            "  SELECT SUM(date_end - GREATEST(date_start, request.raised_on))"
            "  FROM beneficiary_request_pause"
            "  WHERE request_id = request.id AND date_end > request.raised_on"
            " ), INTERVAL '0')) / 86400))"
            " WHERE raised_on IS NOT NULL AND released_on IS NULL"
            " AND reply_due_on IS NOT NULL AND review_floor_on IS NOT NULL"
        )
    )
