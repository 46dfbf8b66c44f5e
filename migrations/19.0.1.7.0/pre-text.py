"""Preamble and general objective become clauses, one for each point.

What an association wrote stays word for word: its whole preamble is one clause, and so
is its general objective. The policies that the addon ships, its templates and examples,
are written anew afterwards (``post-text.py``).
"""

FIELDS = {"preamble": "foreword", "general_objective": "goal"}


def migrate(cr, version):
    for field, kind in FIELDS.items():
        cr.execute(
            f"""INSERT INTO beneficiary_policy_clause
                    (policy_id, kind, sequence, name,
                     create_uid, write_uid, create_date, write_date)
                SELECT id, %s, 0, {field}, create_uid, write_uid, now(), now()
                  FROM beneficiary_policy
                 WHERE {field} IS NOT NULL AND {field}->>'en_US' != ''""",  # noqa: S608
            [kind],
        )
        cr.execute(f"ALTER TABLE beneficiary_policy DROP COLUMN {field}")
