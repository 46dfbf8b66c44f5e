"""Sessions that are held during the upgrade count votes as when they were opened."""


def migrate(cr, version):
    cr.execute(
        "UPDATE beneficiary_committee_session SET counts_ahead = TRUE"
        " WHERE state = 'open'"
    )
