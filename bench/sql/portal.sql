-- The first files are followed by the portal's users, one each.
INSERT INTO beneficiary_portal_user_rel (beneficiary_id, user_id)
SELECT file.first + turn - 1, (%(portal)s)[turn]
  FROM generate_series(1, cardinality(%(portal)s)) AS turn,
       (SELECT min(id) AS first FROM beneficiary_beneficiary
         WHERE company_id = %(company)s) AS file
