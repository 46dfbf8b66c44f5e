"""Indexes of requests that others replace: Odoo keeps what no field asks for any more."""

from odoo.tools import SQL

REPLACED = (
    "beneficiary_id",
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
