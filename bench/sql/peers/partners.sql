-- A contact for the person of each file, with the same name and numbers; the people on the
-- portal have theirs. Whose contact it is stands in `person` until all rows are made.
DROP TABLE IF EXISTS person;
CREATE TEMPORARY TABLE person AS
SELECT file.id AS file, coalesce(account.partner_id, nextval('res_partner_id_seq')) AS contact,
       account.partner_id AS account
  FROM (SELECT * FROM beneficiary_beneficiary
         WHERE company_id = %(company)s ORDER BY id) AS file
  LEFT JOIN beneficiary_portal_user_rel follower ON follower.beneficiary_id = file.id
  LEFT JOIN res_users account ON account.id = follower.user_id;
CREATE UNIQUE INDEX ON person (file);
ANALYZE person;

INSERT INTO res_partner (
    id, name, complete_name, company_id, lang, tz, type, email, email_normalized, phone,
    phone_sanitized, city, active, is_company, partner_share, commercial_partner_id,
    create_uid, write_uid, create_date, write_date
)
SELECT contact, file.name, file.name, %(company)s, 'ar_001', 'Asia/Riyadh', 'contact',
       lower(file_number) || '@example.com', lower(file_number) || '@example.com', phone,
       phone, city, TRUE, FALSE, TRUE, contact, file.create_uid, file.write_uid,
       file.create_date, file.write_date
  FROM person JOIN beneficiary_beneficiary file ON file.id = person.file
 WHERE account IS NULL
 ORDER BY contact
