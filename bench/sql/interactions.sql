-- Three contacts a request, on the days after it was made, on every channel: questions,
-- outreach, letters and the rest; and now and then a complaint, dispute or suggestion,
-- which is owed an answer. A tenth of them is of people without a file.
INSERT INTO beneficiary_interaction (
    subject, company_id, policy_id, branch_id, delegate_id, channel_id, direction, date,
    minutes, officer_id, party_kind, party_name, party_phone, party_key, beneficiary_id,
    kind, request_id, outcome, letter_number, letter_date, letter_attachment_count,
    number, answer_state, owner_id, answer_due_on, answered_on, answered_by_id, answer,
    is_confidential, create_uid, write_uid, create_date, write_date
)
SELECT CASE kind.name WHEN 'complaint' THEN 'The reply came late'
                      WHEN 'suggestion' THEN 'Open in the evening too'
                      WHEN 'outreach' THEN 'Asked how the family is'
                      ELSE 'Asked when the reply comes' END,
       request.company_id, request.policy_id,
       CASE WHEN NOT visitor THEN request.branch_id END,
       CASE WHEN channel.requires_branch
            THEN (%(delegates)s)[array_position(%(branches)s, request.branch_id)] END,
       channel.id,
       CASE WHEN kind.name IN ('outreach', 'follow_up') THEN 'out' ELSE 'in' END, moment.date, 5,
       request.officer_id, CASE WHEN visitor THEN 'visitor' ELSE 'beneficiary' END,
       CASE WHEN visitor THEN person.name END, CASE WHEN visitor THEN person.phone END,
       CASE WHEN visitor
            THEN concat_ws(' ', person.name_key, person.phone,
                           '0' || substr(person.phone, 5))
            ELSE person.search_key END,
       CASE WHEN NOT visitor THEN request.beneficiary_id END, kind.name,
       CASE WHEN NOT visitor AND NOT owed THEN request.id END,
       'The person was told.',
       CASE WHEN channel.is_letter THEN 'IN/' || request.id || turn END,
       CASE WHEN channel.is_letter THEN moment.date::date END,
       CASE WHEN channel.is_letter THEN 1 ELSE 0 END,
       CASE WHEN owed THEN 'C/' || lpad((request.id * 3 + turn)::text, 7, '0') END,
       CASE WHEN owed AND open THEN 'open' WHEN owed THEN 'closed' END,
       CASE WHEN owed THEN request.officer_id END,
       CASE WHEN owed AND open THEN (now() + (request.id %% 20 - 5) * interval '1 day')::date
            WHEN owed THEN (moment.date + interval '10 days')::date END,
       CASE WHEN owed AND NOT open THEN moment.date + interval '4 days' END,
       CASE WHEN owed AND NOT open THEN %(officer)s END,
       CASE WHEN owed AND NOT open THEN 'It was looked into and mended.' END,
       FALSE, %(officer)s, %(officer)s, moment.date, moment.date
  FROM beneficiary_request request
  JOIN beneficiary_beneficiary person ON person.id = request.beneficiary_id,
       generate_series(1, 3) AS turn,
       LATERAL (SELECT CASE WHEN (request.id * 3 + turn) %% 20 = 0 THEN 'complaint'
                            WHEN (request.id * 3 + turn) %% 20 = 1 THEN 'suggestion'
                            WHEN (request.id * 3 + turn) %% 20 = 4 THEN 'dispute'
                            WHEN (request.id * 3 + turn) %% 20 = 6 THEN 'volunteering'
                            WHEN (request.id * 3 + turn) %% 20 = 8 THEN 'follow_up'
                            WHEN (request.id * 3 + turn) %% 20 = 9 THEN 'request'
                            WHEN (request.id * 3 + turn) %% 5 = 2 THEN 'outreach'
                            ELSE 'question' END AS name,
                       (request.id * 3 + turn) %% 10 = 3 AS visitor) AS kind,
       LATERAL (SELECT request.create_date
                       + turn * (now() - request.create_date) / 100 AS date) AS moment,
       LATERAL (SELECT 1 + (request.id + turn) %% cardinality(%(channels)s) AS number)
           AS drawn,
       LATERAL (SELECT CASE WHEN drawn.number = cardinality(%(channels)s)
                                 AND (visitor OR request.branch_id IS NULL)
                            THEN 2 ELSE drawn.number END AS place) AS way,
       LATERAL (SELECT kind.name IN ('complaint', 'dispute', 'suggestion') AS owed,
                       moment.date > now() - interval '40 days' AS open) AS answer
  JOIN beneficiary_channel channel ON TRUE
 WHERE request.company_id = %(company)s
   AND channel.id = (%(channels)s)[way.place]
 ORDER BY moment.date
