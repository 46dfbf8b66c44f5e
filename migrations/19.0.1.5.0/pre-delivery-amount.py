from odoo.tools.sql import table_exists

KEPT = ("planned", "handed", "received")


def migrate(cr, version):
    """Fill the new column at once: the ORM would compute it row by row."""
    if not table_exists(cr, "beneficiary_delivery"):
        return  # earlier versions had no deliveries
    cr.execute(
        "ALTER TABLE beneficiary_delivery ADD COLUMN IF NOT EXISTS amount_kept numeric"
    )
    cr.execute(
        """
        UPDATE beneficiary_delivery
           SET amount_kept = CASE WHEN state IN %s THEN amount ELSE 0 END
        """,
        [KEPT],
    )
