from itertools import combinations

from odoo import models
from odoo.tools import SQL

from ...rules import compliance


class ComplianceOrder(models.Model):
    """Whether the steps of a request stand in their order, and apart (R10)."""

    _inherit = "beneficiary.compliance.request"

    def _get_order(self):
        """Return the SQL of whether steps are in a wrong order, or within a minute.

        Of steps in their order only neighbours can be close to each other: each one is
        compared with the latest before it. Others are compared in pairs.
        """
        moments = {
            code: SQL.identifier("step", f"{code}_on") for code in compliance.STEPS
        }
        minute = SQL("%s::interval", f"{compliance.CLOSE_SECONDS} seconds")
        befores = {
            code: SQL(
                "GREATEST(%s)",
                SQL(", ").join(map(moments.get, compliance.ORDERED[:place])),
            )
            for place, code in enumerate(compliance.ORDERED)
            if place
        }
        wrong = SQL(" OR ").join(
            SQL("%s < %s", moments[code], before) for code, before in befores.items()
        )

        def is_close(pairs):
            return SQL(" OR ").join(
                SQL(
                    "%(one)s > %(two)s - %(minute)s AND %(one)s < %(two)s + %(minute)s",
                    one=moments[one],
                    two=moments[two],
                    minute=minute,
                )
                for one, two in pairs
            )

        close = SQL(
            "CASE WHEN (%(wrong)s) IS TRUE THEN %(pairs)s"
            " ELSE %(neighbours)s"
            " OR CASE WHEN %(referred)s IS NOT NULL THEN %(referral)s END END",
            wrong=wrong,
            pairs=is_close(combinations(compliance.STEPS, 2)),
            neighbours=SQL(" OR ").join(
                SQL("%s < %s + %s", moments[code], before, minute)
                for code, before in befores.items()
            ),
            referred=moments["refer"],  # few are, and moments are slow to subtract
            referral=is_close(("refer", code) for code in compliance.ORDERED),
        )
        return wrong, close
