-- A declaration for each request that was signed. What it covers is written by the addon
-- for some of the open ones, see populate.attest: to do so for all would take long.
INSERT INTO beneficiary_declaration (
    id, request_id, company_id, policy_id, round, text, method, signed_by, signed_on,
    taken_by_id, payload, salt, digest, seal_id,
    create_uid, write_uid, create_date, write_date
)
SELECT request.declaration_id, request.id, request.company_id, request.policy_id, 1,
       'I declare that what I gave is correct.', 'screen', file.name,
       request.create_date, %(officer)s, '{}', md5('salt' || request.id),
       encode(sha256((md5('salt' || request.id) || E'\n{}')::bytea), 'hex'),
       nextval('beneficiary_seal_id_seq'),
       %(officer)s, %(officer)s, request.create_date, request.create_date
  FROM beneficiary_request request
  JOIN beneficiary_beneficiary file ON file.id = request.beneficiary_id
 WHERE request.company_id = %(company)s AND request.declaration_id IS NOT NULL
 ORDER BY request.id
