-- What was answered to each question of the request's service.
INSERT INTO beneficiary_request_answer (
    request_id, company_id, question_id, label, value, number, yes_no,
    create_uid, write_uid, create_date, write_date
)
SELECT request.id, request.company_id, question.id, question.name ->> 'en_US',
       CASE question.kind WHEN 'number' THEN '4' WHEN 'yes_no' THEN 'Yes'
                          ELSE 'The rent' END,
       CASE question.kind WHEN 'number' THEN 4 END,
       CASE question.kind WHEN 'yes_no' THEN 'yes' END,
       %(officer)s, %(officer)s, request.create_date, request.create_date
  FROM beneficiary_request request
  JOIN beneficiary_service_question question USING (service_id)
 WHERE request.company_id = %(company)s
 ORDER BY request.id, question.id
