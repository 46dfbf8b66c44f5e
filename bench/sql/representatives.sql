-- Who speaks for the person, and what the person agreed to.
INSERT INTO beneficiary_representative (
    beneficiary_id, company_id, name, relation, scope, date_from,
    create_uid, write_uid, create_date, write_date
)
SELECT id, company_id, 'The brother of ' || name, 'sibling', 'receipt', create_date::date,
       %(officer)s, %(officer)s, create_date, create_date
  FROM beneficiary_beneficiary
 WHERE company_id = %(company)s AND id %% 10 = 0
 ORDER BY id;

INSERT INTO beneficiary_consent (
    beneficiary_id, company_id, purpose, decision, decided_on, method, given_by,
    recorded_by_id, create_uid, write_uid, create_date, write_date
)
SELECT id, company_id, 'contact', 'given', create_date, 'person', name, %(officer)s,
       %(officer)s, %(officer)s, create_date, create_date
  FROM beneficiary_beneficiary
 WHERE company_id = %(company)s
 ORDER BY id
