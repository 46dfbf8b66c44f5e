-- The first files are followed by the portal's users, one each.
INSERT INTO beneficiary_portal_user_rel (beneficiary_id, user_id)
SELECT file.id, (%(portal)s)[file.place]
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS place
          FROM beneficiary_beneficiary
         WHERE company_id = %(company)s) AS file
 WHERE file.place <= cardinality(%(portal)s)
