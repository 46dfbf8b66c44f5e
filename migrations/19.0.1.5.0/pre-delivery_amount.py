KEPT = ("planned", "handed", "received")


def migrate(cr, version):
    """Fill the new column at once: the ORM would compute it row by row."""
    cr.execute("ALTER TABLE beneficiary_delivery ADD COLUMN amount_kept numeric")
    cr.execute(
        """
        UPDATE beneficiary_delivery
           SET amount_kept = CASE WHEN state IN %s THEN amount ELSE 0 END
        """,
        [KEPT],
    )
