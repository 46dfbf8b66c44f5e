-- Requests of three years, a fifth of them open. A fifth of the open ones is of the last
-- twenty days; a quarter is overdue, which is more than half of those in review. The
-- first files belong to the portal's users, with forty requests each. Numbers follow the
-- dates, as in life. Every fifth of the closed requests was rejected. The last channel is
-- that of the branches' delegates.
WITH drawn AS MATERIALIZED (
    SELECT number,
           number %% 5 = 0 AS open,
           number %% 25 = 0 AS recent,
           CASE WHEN number <= %(portal_users)s * 40
                THEN (number - 1) / 40
                ELSE %(portal_users)s
                     + floor(random() * (%(files)s - %(portal_users)s))::int
           END AS file,
           1 + floor(random() * cardinality(%(services)s))::int AS turn,
           1 + floor(random() * cardinality(%(channels)s))::int AS channel,
           random() AS chance,
           random() AS spread,
           random() < 0.56 AS late,
           now() - CASE WHEN number %% 25 = 0 THEN random() * interval '20 days'
                        ELSE interval '30 days' + random() * interval '1065 days'
                   END AS made
      FROM generate_series(1, %(requests)s) AS number
), placed AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY made, number) AS place, drawn.*,
           made + least(interval '3 days', (now() - made) / 3) AS moment,
           CASE WHEN NOT open AND chance < 0.9 THEN 'closed'
                WHEN NOT open THEN 'cancelled'
                WHEN chance < 0.02 THEN 'draft'
                WHEN chance < 0.22 THEN 'submitted'
                WHEN chance < 0.32 THEN 'verified'
                WHEN chance < 0.4 THEN 'declared'
                WHEN chance < 0.82 OR recent THEN 'in_review'
                WHEN chance < 0.9 THEN 'decided'
                WHEN chance < 0.94 THEN 'accepted'
                WHEN chance < 0.97 THEN 'registered'
                ELSE 'delivered'
           END AS state
      FROM drawn
), staged AS (
    SELECT placed.*, beneficiary.id AS beneficiary, branch_id, search_key,
           CASE WHEN channel = cardinality(%(channels)s) AND branch_id IS NULL
                THEN 2 ELSE channel END AS way,
           CASE WHEN state IN ('in_review', 'decided', 'accepted', 'registered',
                               'delivered', 'closed') THEN moment END AS raised,
           CASE WHEN state IN ('accepted', 'registered', 'delivered', 'closed')
                THEN moment + interval '15 days' END AS released
      FROM placed
      JOIN (SELECT id, branch_id, search_key, row_number() OVER (ORDER BY id) - 1 AS file
              FROM beneficiary_beneficiary
             WHERE company_id = %(company)s) AS beneficiary USING (file)
)
INSERT INTO beneficiary_request (
    name, access_token, search_key, company_id, beneficiary_id, branch_id, delegate_id,
    service_id, committee_id, channel_id, officer_id, policy_id, state, origin, round,
    description,
    amount_requested, amount_planned, submitted_on, completed_on, verified_by_id,
    declaration_id, raised_on, review_floor_on, reply_due_on, release_on, released_on,
    review_days, review_grace_days, escalation, rating_last_value,
    create_uid, write_uid, create_date, write_date
)
SELECT 'R/' || to_char(made, 'YYYY') || '/' || lpad(place::text, 7, '0'),
       md5('token' || place), search_key, %(company)s, beneficiary, branch_id,
       CASE WHEN way = cardinality(%(channels)s)
            THEN (%(delegates)s)[array_position(%(branches)s, branch_id)] END,
       (%(services)s)[turn], (%(committees)s)[turn], (%(channels)s)[way],
       (%(officers)s)[turn], %(policy)s, state, 'lived', 1,
       'The rent of the home, and food for the children until summer.', 500,
       CASE WHEN state IN ('registered', 'delivered')
                 OR (state = 'closed' AND place %% 5 <> 0) THEN 500 ELSE 0 END,
       CASE WHEN state <> 'draft' THEN made END,
       CASE WHEN state NOT IN ('draft', 'submitted', 'cancelled') THEN made END,
       CASE WHEN state NOT IN ('draft', 'submitted', 'cancelled') THEN %(officer)s END,
       CASE WHEN raised IS NOT NULL OR state = 'declared'
            THEN nextval('beneficiary_declaration_id_seq') END,
       raised, raised + interval '14 days',
       CASE WHEN raised IS NULL THEN NULL
            WHEN released IS NOT NULL THEN raised + interval '21 days'
            WHEN late AND state = 'in_review'
            THEN now() - interval '1 hour' - spread * interval '20 days'
            ELSE now() + interval '1 hour' + spread * interval '20 days'
       END,
       CASE WHEN state = 'decided'
            THEN now() + interval '1 day' + spread * interval '9 days'
            ELSE released END,
       released,
       CASE WHEN raised IS NOT NULL THEN 14 END, CASE WHEN raised IS NOT NULL THEN 7 END,
       '0_none', CASE WHEN state = 'closed' AND place %% 10 = 0 THEN 5 ELSE 0 END,
       %(officer)s, %(officer)s, made, coalesce(released, moment)
  FROM staged
 ORDER BY place
