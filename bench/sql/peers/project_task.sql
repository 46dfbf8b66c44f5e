-- A task for each request, with its person, dates and deadline; assigned to its officer.
CREATE TEMPORARY TABLE thread AS
SELECT nextval('project_task_id_seq') AS res_id, request.*
  FROM (SELECT request.name, request.create_date AS made, request.write_date AS changed,
               row_number() OVER (ORDER BY request.id) AS place,
               state NOT IN ('closed', 'cancelled') AS open,
               state = 'in_review' AND reply_due_on < now() AS late,
               CASE WHEN state IN ('in_review', 'decided') THEN reply_due_on
                    WHEN state IN ('closed', 'cancelled') THEN write_date
                    ELSE now() + interval '20 days' END AS deadline,
               description, access_token, officer_id AS officer,
               array_position(%(states)s, state::text) AS stage,
               array_position(%(committees)s, committee_id) AS turn,
               person.contact AS person, person.account AS contact
          FROM beneficiary_request request
          JOIN person ON person.file = request.beneficiary_id
         WHERE company_id = %(company)s
         ORDER BY request.id) AS request;

INSERT INTO project_task (
    id, name, description, active, priority, sequence, stage_id, state, project_id,
    display_in_project, partner_id, company_id, date_deadline, date_assign,
    date_last_stage_update, date_end, access_token, is_template, has_template_ancestor,
    allocated_hours, rating_last_value, recurring_task,
    create_uid, write_uid, create_date, write_date
)
SELECT res_id, name, '<p>' || description || '</p>', TRUE, '0', 10, (%(stages)s)[stage],
       (%(task_states)s)[stage], (%(projects)s)[turn], TRUE, person, %(company)s,
       deadline, made, changed, CASE WHEN NOT open THEN changed END, access_token,
       FALSE, FALSE, 0, 0, FALSE, %(officer)s, %(officer)s, made, changed
  FROM thread
 ORDER BY res_id;

INSERT INTO project_task_user_rel (task_id, user_id, create_uid, create_date)
SELECT res_id, officer, officer, made FROM thread ORDER BY res_id
