-- Requests of three years, the last fifth of them open; a quarter of the open ones
-- are late. The first files belong to the portal's users, with forty requests each.
WITH file AS (
    SELECT min(id) AS first FROM beneficiary_beneficiary WHERE company_id = %(company)s
), drawn AS MATERIALIZED (
    SELECT number,
           number > %(requests)s * 0.8 AS open,
           CASE WHEN number <= %(portal_users)s * 40
                THEN (number - 1) / 40
                ELSE floor(random() * %(files)s)::int
           END AS file,
           1 + floor(random() * cardinality(%(services)s))::int AS turn,
           random() AS chance,
           now() - (1 - number::float / %(requests)s) * interval '3 years' AS made
      FROM generate_series(1, %(requests)s) AS number
)
INSERT INTO beneficiary_request (
    name, company_id, beneficiary_id, service_id, committee_id, channel_id, policy_id,
    state, origin, round, description, amount_requested, submitted_on, raised_on,
    review_floor_on, reply_due_on, escalation,
    create_uid, write_uid, create_date, write_date
)
SELECT 'R' || number, %(company)s, file.first + drawn.file, (%(services)s)[turn],
       (%(committees)s)[turn], %(channel)s, %(policy)s,
       CASE WHEN NOT open AND chance < 0.9 THEN 'closed'
            WHEN NOT open THEN 'cancelled'
            WHEN chance < 0.25 THEN 'submitted'
            WHEN chance < 0.4 THEN 'verified'
            WHEN chance < 0.9 THEN 'in_review'
            ELSE 'decided'
       END,
       'lived', 1, 'Example', 500, made, made + interval '3 days', made + interval '17 days',
       CASE WHEN NOT open THEN made + interval '24 days'
            WHEN random() < 0.25 THEN now() - interval '1 day'
            ELSE now() + random() * interval '20 days'
       END,
       '0_none', 1, 1, made, made
  FROM drawn, file
 ORDER BY number
