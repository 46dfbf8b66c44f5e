-- A visit for every tenth file: most were held, some are to come.
INSERT INTO beneficiary_appointment (
    name, beneficiary_id, company_id, branch_id, officer_id, kind, subject, place, minutes,
    state, start, stop, agreed_on, create_uid, write_uid, create_date, write_date
)
SELECT 'V/' || lpad(file.id::text, 7, '0'), file.id, file.company_id, file.branch_id,
       %(officer)s, 'home', 'To see how the family lives', 'At home', 30,
       CASE WHEN start < now() THEN 'held' ELSE 'agreed' END, start,
       start + interval '30 minutes', start - interval '2 days',
       %(officer)s, %(officer)s, start - interval '3 days', start
  FROM beneficiary_beneficiary file,
       LATERAL (SELECT now() + interval '30 days' - file.id * interval '17 minutes'
                    AS start) AS moment
 WHERE file.company_id = %(company)s AND file.id %% 10 = 0
 ORDER BY file.id
