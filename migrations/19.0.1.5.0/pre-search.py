"""The search key of visitors: an empty column, which Odoo then need not fill."""


def migrate(cr, version):
    cr.execute(
        "ALTER TABLE beneficiary_interaction ADD COLUMN IF NOT EXISTS party_key varchar"
    )
