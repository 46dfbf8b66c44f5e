-- Three contacts a request, on the days after it was made.
INSERT INTO beneficiary_interaction (
    subject, company_id, policy_id, channel_id, direction, date, minutes, officer_id,
    party_kind, beneficiary_id, kind, request_id,
    create_uid, write_uid, create_date, write_date
)
SELECT 'Example', company_id, policy_id, channel_id, 'in',
       create_date + turn * interval '1 day', 5, %(officer)s, 'beneficiary',
       beneficiary_id, 'question', id, 1, 1, create_date, create_date
  FROM beneficiary_request, generate_series(1, 3) AS turn
 WHERE company_id = %(company)s
 ORDER BY id, turn
