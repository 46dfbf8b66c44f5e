-- Page of 80 open requests
SELECT id FROM beneficiary_request
 WHERE company_id = %(company)s AND state NOT IN ('closed', 'cancelled')
 ORDER BY id DESC LIMIT 80;

-- Page of 80 overdue requests
SELECT id FROM beneficiary_request
 WHERE company_id = %(company)s AND state = 'in_review' AND reply_due_on < now()
 ORDER BY reply_due_on LIMIT 80;

-- Requests by state
SELECT state, count(*) FROM beneficiary_request
 WHERE company_id = %(company)s
 GROUP BY state;

-- Counters of 80 files
SELECT beneficiary_id, count(*) FROM beneficiary_request
 WHERE beneficiary_id IN (SELECT id FROM beneficiary_beneficiary
                           WHERE company_id = %(company)s
                           ORDER BY id LIMIT 80)
 GROUP BY beneficiary_id;

-- Portal page of an applicant
SELECT request.id
  FROM beneficiary_request AS request
  JOIN beneficiary_portal_user_rel AS own USING (beneficiary_id)
 WHERE own.user_id = %(applicant)s
 ORDER BY request.id DESC LIMIT 20;

-- Person by telephone
SELECT id FROM beneficiary_beneficiary
 WHERE company_id = %(company)s AND search_key LIKE '%%0500000017%%'
 LIMIT 8;

-- Person by a common name
SELECT id FROM beneficiary_beneficiary
 WHERE company_id = %(company)s AND search_key LIKE '%%محمد%%'
 LIMIT 8;
