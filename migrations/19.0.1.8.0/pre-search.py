"""Requests and contacts have the search key of their file in their own row.

One statement a table: the ORM would compute each row of a large table.
"""


def migrate(cr, version):
    cr.execute(
        "ALTER TABLE beneficiary_request ADD COLUMN IF NOT EXISTS search_key varchar"
    )
    cr.execute(
        """UPDATE beneficiary_request request SET search_key = file.search_key
             FROM beneficiary_beneficiary file
            WHERE file.id = request.beneficiary_id
              AND request.search_key IS DISTINCT FROM file.search_key"""
    )
    cr.execute(
        """UPDATE beneficiary_interaction contact SET party_key = file.search_key
             FROM beneficiary_beneficiary file
            WHERE file.id = contact.beneficiary_id
              AND contact.party_key IS DISTINCT FROM file.search_key"""
    )
