"""Indexes of requests that others replace: Odoo itself drops no index of a field."""

from odoo.tools import SQL

REPLACED = (
    "channel_id",
    "committee_id",
    "officer_id",
    "service_id",
    "state",
)


def migrate(cr, version):
    for column in REPLACED:
        index = f"beneficiary_request__{column}_index"
        cr.execute(SQL("DROP INDEX IF EXISTS %s", SQL.identifier(index)))
