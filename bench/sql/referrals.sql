-- A case study of every tenth request that was verified: answered, or still to be made.
INSERT INTO beneficiary_referral (
    request_id, company_id, kind, state, researcher_id, sender_id, question, due_on,
    sent_on, accepted_on, answered_on, answered_by_id, recommendation, answer, escalation,
    create_uid, write_uid, create_date, write_date
)
SELECT request.id, request.company_id, 'case_study',
       CASE WHEN answered THEN 'answered' ELSE 'sent' END, %(researcher)s, %(officer)s,
       'How does the family live?', submitted_on + interval '7 days', submitted_on,
       CASE WHEN answered THEN submitted_on + interval '1 day' END,
       CASE WHEN answered THEN submitted_on + interval '2 days' END,
       CASE WHEN answered THEN %(researcher)s END, CASE WHEN answered THEN 'support' END,
       CASE WHEN answered THEN 'Five people live in two rooms.' END, '0_none',
       %(officer)s, %(officer)s, submitted_on, submitted_on
  FROM beneficiary_request request,
       LATERAL (SELECT state <> 'verified' AS answered) AS study
 WHERE company_id = %(company)s AND id %% 10 = 0
   AND state NOT IN ('draft', 'submitted', 'cancelled')
 ORDER BY id
