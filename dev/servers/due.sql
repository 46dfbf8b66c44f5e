-- Replies that are due now: a decided request for each of the portal's files. Their
-- applicants are told by e-mail.
WITH told AS (
    UPDATE beneficiary_beneficiary
       SET email = lower(file_number) || '@example.com', notice_by_email = TRUE
     WHERE id IN (SELECT id FROM beneficiary_beneficiary
                   WHERE company_id = %(company)s ORDER BY id LIMIT %(replies)s)
 RETURNING id, file_number
), request AS (
    INSERT INTO beneficiary_request (
        name, company_id, beneficiary_id, service_id, committee_id, channel_id,
        policy_id, state, origin, round, description, amount_requested, submitted_on,
        raised_on, review_floor_on, reply_due_on, release_on, escalation,
        create_uid, write_uid, create_date, write_date
    )
    SELECT 'DUE' || file_number, %(company)s, id, %(service)s, %(committee)s,
           %(channel)s, %(policy)s, 'decided', 'lived', 1, 'due', 500,
           now() - interval '20 days', now() - interval '16 days',
           now() - interval '2 days', now() + interval '9 days',
           now() - interval '1 day', '0_none', 1, 1, now(), now()
      FROM told
 RETURNING id, raised_on, review_floor_on, reply_due_on
)
INSERT INTO beneficiary_decision (
    request_id, company_id, committee_id, round, state, outcome, "grant",
    amount_proposed, amount_granted, raised_on, review_floor_on, reply_due_on,
    decided_on, closed_by_id, revision, create_uid, write_uid, create_date, write_date
)
SELECT id, %(company)s, %(committee)s, 1, 'taken', 'accepted', 'full', 500, 500,
       raised_on, review_floor_on, reply_due_on, now() - interval '3 days',
       1, 1, 1, 1, now(), now()
  FROM request
