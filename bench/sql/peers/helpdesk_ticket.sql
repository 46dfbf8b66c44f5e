-- A ticket for each request, with its person, dates and deadline; assigned to its officer.
CREATE TEMPORARY TABLE thread AS
SELECT nextval('helpdesk_ticket_id_seq') AS res_id, request.*
  FROM (SELECT request.name, request.create_date AS made, request.write_date AS changed,
               row_number() OVER (ORDER BY request.id) AS place,
               state NOT IN ('closed', 'cancelled') AS open,
               state = 'in_review' AND reply_due_on < now() AS late,
               CASE WHEN state IN ('in_review', 'decided') THEN reply_due_on
                    WHEN state IN ('closed', 'cancelled') THEN write_date
                    ELSE now() + interval '20 days' END AS deadline,
               description, access_token, officer_id AS officer,
               state = 'draft' AS unattended,
               array_position(%(states)s, state::text) AS stage,
               array_position(%(committees)s, committee_id) AS turn,
               person.contact AS person, person.account AS contact
          FROM beneficiary_request request
          JOIN person ON person.file = request.beneficiary_id
         WHERE company_id = %(company)s
         ORDER BY request.id) AS request;

INSERT INTO helpdesk_ticket (
    id, number, name, description, active, priority, sequence, stage_id, team_id, user_id,
    partner_id, commercial_partner_id, partner_name, partner_email, company_id,
    last_stage_update, assigned_date, closed_date, unattended, access_token,
    kanban_state, rating_last_value, rating_status,
    create_uid, write_uid, create_date, write_date
)
SELECT res_id, 'HT' || lpad(place::text, 7, '0'), 'Help ' || thread.name,
       '<p>' || description || '</p>', TRUE, '1', 10, (%(stages)s)[stage],
       (%(teams)s)[turn], officer, person, person, contact.name, contact.email,
       %(company)s, changed, made, CASE WHEN NOT open THEN changed END, unattended,
       thread.access_token, 'normal', 0, 'stage_change', %(officer)s, %(officer)s,
       made, changed
  FROM thread JOIN res_partner contact ON contact.id = thread.person
 ORDER BY res_id;

INSERT INTO helpdesk_ticket_sla (
    ticket_id, sla_id, deadline, hours, consumed_time, expected_stage_id, last_state_date,
    state, create_uid, write_uid, create_date, write_date
)
SELECT res_id, %(sla)s, deadline, 192, 0, %(closed_stage)s, changed,
       CASE WHEN open THEN 'in_progress' ELSE 'accomplished' END, 1, 1, made, changed
  FROM thread
 ORDER BY res_id
