-- What was matched of each file. Its digests are those of other data, but for some of the
-- open requests: see populate.attest.
INSERT INTO beneficiary_verification (
    beneficiary_id, company_id, item, source, result, matched_by_id, matched_on, salt,
    digest, create_uid, write_uid, create_date, write_date
)
SELECT file.id, file.company_id, item, 'The original', 'matched', %(officer)s,
       file.create_date, md5('salt' || file.id || item),
       encode(sha256((md5('salt' || file.id || item) || E'\n{}')::bytea), 'hex'),
       %(officer)s, %(officer)s, file.create_date, file.create_date
  FROM beneficiary_beneficiary file,
       unnest(ARRAY['identity', 'address', 'household', 'income']) AS item
 WHERE file.company_id = %(company)s
   AND (item <> 'identity' OR file.identity_number IS NOT NULL)
   AND (item <> 'household' OR EXISTS (
        SELECT FROM beneficiary_household_member WHERE beneficiary_id = file.id))
 ORDER BY file.id
