-- A current paper of each kind that the services ask for, with its scan, for each file. A
-- twentieth of them is no longer valid.
WITH paper AS (
    INSERT INTO beneficiary_document (
        beneficiary_id, company_id, branch_id, type_id, version, number, issue_date,
        expiry_date, valid_until, is_current, handed_on, file_name, source,
        matched_by_id, matched_on, create_uid, write_uid, create_date, write_date
    )
    SELECT file.id, file.company_id, file.branch_id, kind.id, 1, '1000000008',
           moment.handed::date - 1, moment.until,
           least(moment.until, moment.handed::date - 1 + nullif(kind.valid_days, 0)),
           TRUE, moment.handed, 'scan.png', 'The original', %(officer)s, moment.handed,
           %(officer)s, %(officer)s, moment.handed, moment.handed
      FROM beneficiary_beneficiary file
      JOIN beneficiary_document_type kind ON kind.id = ANY (%(papers)s),
           LATERAL (SELECT now() - interval '30 days' AS handed,
                           (now() + (file.id %% 400 - 20) * interval '1 day')::date
                               AS until) AS moment
     WHERE file.company_id = %(company)s
     ORDER BY file.id, kind.sequence
 RETURNING id, create_date
)
INSERT INTO ir_attachment (
    name, res_model, res_field, res_id, type, public, store_fname, checksum, file_size,
    mimetype, company_id, create_uid, write_uid, create_date, write_date
)
SELECT 'file', 'beneficiary.document', 'file', paper.id, 'binary', FALSE,
       scan.store_fname, scan.checksum, scan.file_size, scan.mimetype, %(company)s,
       %(officer)s, %(officer)s, paper.create_date, paper.create_date
  FROM paper, ir_attachment scan
 WHERE scan.id = %(scan)s
