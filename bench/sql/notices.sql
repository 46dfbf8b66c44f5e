-- What the applicants were told: the committee and its period, the reply.
INSERT INTO beneficiary_notice (
    request_id, company_id, round, event, occasion, channel, state, queued_on, sent_on,
    tries, create_uid, write_uid, create_date, write_date
)
SELECT request.id, request.company_id, 1, told.event, '0',
       CASE WHEN request.id %% 3 = 0 THEN 'email' ELSE 'sms' END,
       CASE WHEN request.id %% 3 = 0 THEN 'sent' ELSE 'delivered' END,
       told.moment, told.moment, 1, %(officer)s, %(officer)s, told.moment, told.moment
  FROM beneficiary_request request,
       LATERAL (VALUES ('review_notice', request.raised_on),
                       ('reply', request.released_on)) AS told (event, moment)
 WHERE request.company_id = %(company)s AND told.moment IS NOT NULL
 ORDER BY told.moment
