-- The chain of the association, intact from its first link to its last: each link has the
-- hash that rules/seal.py gives it. Of each sealed record, the round is the payload.
CREATE TEMPORARY TABLE sealed ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY seal_id) AS position, record.*,
       encode(sha256((salt || E'\n{"round":1}')::bytea), 'hex') AS digest
  FROM (SELECT seal_id, 'beneficiary.decision' AS model, id, md5('seal' || seal_id) AS salt
          FROM beneficiary_decision
         WHERE company_id = %(company)s AND seal_id IS NOT NULL
         UNION ALL
        SELECT seal_id, 'beneficiary.declaration', id, md5('seal' || seal_id)
          FROM beneficiary_declaration
         WHERE company_id = %(company)s AND seal_id IS NOT NULL) AS record;

CREATE UNIQUE INDEX ON sealed (position);
ANALYZE sealed;

WITH RECURSIVE moment AS (
    SELECT to_char(date_trunc('second', now()), 'YYYY-MM-DD HH24:MI:SS') AS text
), link AS (
    SELECT 0::bigint AS position, repeat('0', 64) AS previous, repeat('0', 64) AS hash
     UNION ALL
    SELECT sealed.position, link.hash,
           encode(sha256(concat_ws(E'\n', link.hash, sealed.position, sealed.model,
                                   sealed.id, moment.text, sealed.digest)::bytea), 'hex')
      FROM link, sealed, moment
     WHERE sealed.position = link.position + 1
), made AS (
    INSERT INTO beneficiary_seal (
        id, company_id, position, res_model, res_id, sealed_on, digest, previous_hash,
        hash, create_uid, write_uid, create_date, write_date
    )
    SELECT sealed.seal_id, %(company)s, position, sealed.model, sealed.id,
           moment.text::timestamp, sealed.digest, link.previous, link.hash, 1, 1, now(),
           now()
      FROM link JOIN sealed USING (position), moment
     ORDER BY position
)
INSERT INTO beneficiary_seal_payload (
    seal_id, company_id, salt, text, create_uid, write_uid, create_date, write_date
)
SELECT seal_id, %(company)s, salt, '{"round":1}', 1, 1, now(), now()
  FROM sealed
 ORDER BY position
