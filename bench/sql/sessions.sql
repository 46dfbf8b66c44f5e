-- A closed session each month for each committee, with twenty of the requests that it
-- decided; and one to come, with twenty that it studies.
WITH month AS (
    SELECT committee.id AS committee, number,
           now() + interval '2 days' - number * interval '1 month' AS start,
           CASE WHEN number = 0 THEN 'planned' ELSE 'closed' END AS state
      FROM unnest(%(committees)s) AS committee (id), generate_series(0, 36) AS number
), session AS (
    INSERT INTO beneficiary_committee_session (
        name, committee_id, company_id, start, stop, place, state, minutes, quorum_needed,
        revision, opened_on, ended_on, closed_on, closed_by_id,
        create_uid, write_uid, create_date, write_date
    )
    SELECT 'MTG/' || committee || '/' || number, committee, %(company)s, start,
           start + interval '2 hours', 'The office', state,
           CASE WHEN number > 0 THEN 'As decided.' END, 2, 1,
           CASE WHEN number > 0 THEN start END,
           CASE WHEN number > 0 THEN start + interval '2 hours' END,
           CASE WHEN number > 0 THEN start + interval '1 day' END,
           CASE WHEN number > 0 THEN %(chair)s END,
           %(chair)s, %(chair)s, start - interval '10 days', start - interval '10 days'
      FROM month
     ORDER BY start
 RETURNING id, committee_id, state, start
), attendance AS (
    INSERT INTO beneficiary_session_attendance (
        session_id, company_id, member_id, user_id, role, status,
        create_uid, write_uid, create_date, write_date
    )
    SELECT session.id, %(company)s, member.id, member.user_id, member.role,
           CASE WHEN session.state = 'closed' THEN 'present' END,
           %(chair)s, %(chair)s, session.start, session.start
      FROM session JOIN beneficiary_committee_member member USING (committee_id)
), placed AS (
    SELECT session.*,
           row_number() OVER (PARTITION BY committee_id, state ORDER BY start) - 1 AS turn
      FROM session
), decision AS (
    SELECT id, request_id, committee_id, outcome, result_code,
           CASE WHEN state = 'open' THEN 'planned' ELSE 'closed' END AS state,
           (row_number() OVER (PARTITION BY committee_id, state = 'open' ORDER BY id) - 1)
               / 20 AS turn
      FROM beneficiary_decision
     WHERE company_id = %(company)s AND (state = 'open' OR released_on IS NOT NULL)
)
INSERT INTO beneficiary_session_item (
    session_id, company_id, sequence, request_id, decision_id, session_state, outcome,
    result_code, create_uid, write_uid, create_date, write_date
)
SELECT placed.id, %(company)s, 10, decision.request_id, decision.id, placed.state,
       CASE WHEN placed.state = 'closed' THEN 'decided' END,
       CASE WHEN placed.state = 'closed' THEN decision.result_code END,
       %(chair)s, %(chair)s, placed.start, placed.start
  FROM placed JOIN decision USING (committee_id, state, turn)
 ORDER BY decision.id
