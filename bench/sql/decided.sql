-- Requests that the committee has decided, one a file, whose replies are due now. Who
-- has an e-mail is told by it, and all who have a mobile by a text.
WITH told AS (
    UPDATE beneficiary_beneficiary
       SET email = lower(file_number) || '@example.com', notice_by_email = TRUE,
           notice_by_sms = TRUE
     WHERE company_id = %(company)s
 RETURNING id, file_number
), request AS (
    INSERT INTO beneficiary_request (
        name, company_id, beneficiary_id, service_id, committee_id, channel_id,
        policy_id, state, origin, round, description, amount_requested, submitted_on,
        raised_on, review_floor_on, reply_due_on, release_on, escalation,
        create_uid, write_uid, create_date, write_date
    )
    SELECT 'R' || file_number, %(company)s, id, (%(services)s)[1], (%(committees)s)[1],
           (%(channels)s)[2], %(policy)s, 'decided', 'lived', 1, 'Example', 500,
           now() - interval '20 days', now() - interval '16 days',
           now() - interval '2 days', now() + interval '5 days',
           now() - interval '1 day', '0_none', 1, 1, now(), now()
      FROM told
 RETURNING id, raised_on, review_floor_on, reply_due_on
)
INSERT INTO beneficiary_decision (
    request_id, company_id, committee_id, round, state, outcome, "grant",
    amount_proposed, amount_granted, raised_on, review_floor_on, reply_due_on,
    decided_on, closed_by_id, revision, create_uid, write_uid, create_date, write_date
)
SELECT id, %(company)s, (%(committees)s)[1], 1, 'taken', 'accepted', 'full', 500, 500,
       raised_on, review_floor_on, reply_due_on, now() - interval '3 days',
       %(officer)s, 1, 1, 1, now(), now()
  FROM request
