-- What the closed requests went through: three steps of theirs, and a decision whose
-- reply left.
WITH closed AS (
    SELECT id, company_id, committee_id, submitted_on, raised_on, review_floor_on,
           reply_due_on
      FROM beneficiary_request
     WHERE company_id = %(company)s AND state = 'closed'
), step AS (
    INSERT INTO beneficiary_request_step (
        request_id, company_id, round, code, doer_id, done_on,
        create_uid, write_uid, create_date, write_date
    )
    SELECT closed.id, company_id, 1, code, %(officer)s, submitted_on + delay, 1, 1,
           submitted_on, submitted_on
      FROM closed,
           (VALUES ('verify', interval '1 day'), ('register', interval '20 days'),
                   ('deliver', interval '23 days')) AS done (code, delay)
)
INSERT INTO beneficiary_decision (
    request_id, company_id, committee_id, round, state, outcome, "grant",
    amount_proposed, amount_granted, raised_on, review_floor_on, reply_due_on,
    decided_on, released_on, closed_by_id, revision,
    create_uid, write_uid, create_date, write_date
)
SELECT id, company_id, committee_id, 1, 'taken', 'accepted', 'full', 500, 500,
       raised_on, review_floor_on, reply_due_on, raised_on + interval '9 days',
       raised_on + interval '15 days', %(officer)s, 1, 1, 1, submitted_on, submitted_on
  FROM closed
 ORDER BY id
