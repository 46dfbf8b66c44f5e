-- The steps of the requests that reached their committee, the decisions of those that
-- were closed, and a hundredth of the steps written in one go.
INSERT INTO beneficiary_policy_step (policy_id, code, sequence, name)
SELECT %(policy)s, code, place, jsonb_build_object('en_US', code)
  FROM unnest(ARRAY['receive', 'verify', 'refer', 'declare', 'notify', 'register',
                    'deliver']) WITH ORDINALITY AS step (code, place)
    ON CONFLICT DO NOTHING;

INSERT INTO beneficiary_request_step (
    request_id, company_id, round, code, doer_id, done_on, evidence, minutes,
    create_uid, write_uid, create_date, write_date
)
SELECT request.id, request.company_id, 1, step.code, %(officer)s,
       request.submitted_on + CASE WHEN request.id %% 100 = 0 THEN interval '0'
                                   ELSE step.place * interval '10 hours' END,
       'Example', 10, 1, 1, request.submitted_on, request.submitted_on
  FROM beneficiary_request request,
       unnest(ARRAY['receive', 'verify', 'declare', 'notify', 'register', 'deliver'])
       WITH ORDINALITY AS step (code, place)
 WHERE request.company_id = %(company)s
   AND (step.place = 1 OR request.state IN ('in_review', 'decided', 'closed'))
   AND (step.place < 5 OR request.state = 'closed');

INSERT INTO beneficiary_decision (
    request_id, company_id, committee_id, round, state, outcome, reason, decided_on,
    raised_on, review_floor_on, reply_due_on, released_on,
    create_uid, write_uid, create_date, write_date
)
SELECT request.id, request.company_id, request.committee_id, 1,
       CASE WHEN request.state = 'in_review' THEN 'open' ELSE 'taken' END,
       CASE WHEN request.id %% 5 = 0 THEN 'rejected' ELSE 'accepted' END,
       'Example', request.raised_on + interval '5 days', request.raised_on,
       request.review_floor_on, request.reply_due_on,
       CASE WHEN request.state = 'closed'
            THEN request.review_floor_on + (request.id %% 9) * interval '1 day' END,
       1, 1, request.raised_on, request.raised_on
  FROM beneficiary_request request
 WHERE request.company_id = %(company)s
   AND request.state IN ('in_review', 'decided', 'closed');
