-- A decision for each request that was raised: open, taken, or taken and released. A
-- fifth of the replies that left are rejections, but only of closed requests.
INSERT INTO beneficiary_decision (
    request_id, company_id, committee_id, round, state, outcome, "grant", result_code,
    majority, reason, amount_requested, amount_proposed, amount_granted,
    base_count, needed_count, accept_count, reject_count, abstain_count, ahead_count,
    ballots_on, raised_on, review_floor_on, reply_due_on, decided_on, released_on,
    closed_by_id, revision, letter_number, letter_date, appeal_until, rejection_reason_id,
    seal_id, create_uid, write_uid, create_date, write_date
)
SELECT request.id, request.company_id, request.committee_id, 1,
       CASE WHEN taken THEN 'taken' ELSE 'open' END,
       CASE WHEN rejected THEN 'rejected' WHEN taken THEN 'accepted' END,
       CASE WHEN taken AND NOT rejected THEN 'full' END,
       CASE WHEN taken THEN 'majority' END, CASE WHEN taken THEN 'simple' END,
       CASE WHEN rejected THEN 'The income exceeds the limit of the service.' END,
       500, 500, CASE WHEN taken AND NOT rejected THEN 500 END,
       CASE WHEN taken THEN 3 ELSE 0 END, CASE WHEN taken THEN 2 ELSE 0 END,
       CASE WHEN taken AND NOT rejected THEN 3 ELSE 0 END,
       CASE WHEN rejected THEN 3 ELSE 0 END, 0, 0,
       raised_on::date, raised_on, review_floor_on, reply_due_on,
       CASE WHEN taken THEN least(raised_on + interval '5 days', now()) END, released_on,
       CASE WHEN taken THEN %(chair)s END, 1,
       CASE WHEN released_on IS NOT NULL THEN 'L' || substr(request.name, 2) END,
       released_on::date,
       CASE WHEN rejected THEN released_on + interval '30 days' END,
       CASE WHEN rejected THEN %(rejection_reason)s END,
       CASE WHEN released_on IS NOT NULL THEN nextval('beneficiary_seal_id_seq') END,
       %(officer)s, %(officer)s, raised_on, coalesce(released_on, raised_on)
  FROM beneficiary_request request,
       LATERAL (SELECT request.state <> 'in_review' AS taken,
                       request.state = 'closed'
                       AND right(request.name, 7)::int %% 5 = 0 AS rejected) kind
 WHERE request.company_id = %(company)s AND request.raised_on IS NOT NULL
 ORDER BY request.id
