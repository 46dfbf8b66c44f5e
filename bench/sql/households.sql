-- The household of each file: none to four dependants, and lines of income and expense.
INSERT INTO beneficiary_household_member (
    beneficiary_id, company_id, name, relation, gender, schooling, birth_date, income,
    is_birth_year_only, active, create_uid, write_uid, create_date, write_date
)
SELECT file.id, file.company_id,
       CASE WHEN turn %% 2 = 0 THEN (%(men)s)[1 + (file.id + turn) %% 50]
            ELSE (%(women)s)[1 + (file.id + turn) %% 40] END,
       CASE WHEN turn = 1 THEN 'spouse' ELSE 'child' END,
       CASE WHEN turn %% 2 = 0 THEN 'male' ELSE 'female' END, 'primary',
       date '2010-01-01' + (file.id * turn %% 4000)::int, 0, FALSE, TRUE,
       %(officer)s, %(officer)s, file.create_date, file.create_date
  FROM beneficiary_beneficiary file, generate_series(1, 4) AS turn
 WHERE file.company_id = %(company)s AND turn <= file.id %% 5
 ORDER BY file.id, turn;

INSERT INTO beneficiary_income_line (
    beneficiary_id, company_id, type, kind, source, amount,
    create_uid, write_uid, create_date, write_date
)
SELECT file.id, file.company_id, line.type, line.kind, 'As stated', line.amount,
       %(officer)s, %(officer)s, file.create_date, file.create_date
  FROM beneficiary_beneficiary file,
       (VALUES ('security', 'income', 2500), ('utilities', 'expense', 300))
           AS line (type, kind, amount)
 WHERE file.company_id = %(company)s
 ORDER BY file.id
