-- What changed after every tenth complaint.
INSERT INTO beneficiary_improvement (
    name, company_id, interaction_id, source, owner_id, due_on, state, closed_on, outcome,
    create_uid, write_uid, create_date, write_date
)
SELECT 'Answer sooner', company_id, id, 'complaint', %(manager)s, answer_due_on + 30,
       CASE WHEN done THEN 'done' ELSE 'open' END,
       CASE WHEN done THEN answer_due_on END,
       CASE WHEN done THEN 'Two more hours a week are kept free.' END,
       %(manager)s, %(manager)s, date, date
  FROM beneficiary_interaction, LATERAL (SELECT answer_state = 'closed' AS done) AS state
 WHERE company_id = %(company)s AND kind = 'complaint' AND id %% 10 = 0
 ORDER BY id
