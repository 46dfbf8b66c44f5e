-- What was handed over, with its receipt, or is planned.
INSERT INTO beneficiary_delivery (
    name, request_id, company_id, beneficiary_id, service_id, kind, fund, plan_number,
    state, method, received_by, received_on, handed_on, handed_by_id, recorded_by_id,
    planned_date, place, amount, amount_kept,
    create_uid, write_uid, create_date, write_date
)
SELECT 'DL' || substr(request.name, 2), request.id, request.company_id,
       request.beneficiary_id, request.service_id, service.delivery_kind, service.fund,
       NULL,
       CASE WHEN done THEN 'received' ELSE 'planned' END,
       CASE WHEN done THEN 'screen' END, CASE WHEN done THEN file.name END,
       CASE WHEN done THEN request.released_on + interval '30 hours' END,
       CASE WHEN done THEN (request.released_on + interval '30 hours')::date END,
       CASE WHEN done THEN %(officer)s END, CASE WHEN done THEN %(officer)s END,
       (request.released_on + interval '30 hours')::date, 'The office', 500, 500,
       %(officer)s, %(officer)s, request.released_on, request.released_on
  FROM beneficiary_request request
  JOIN beneficiary_service service ON service.id = request.service_id
  JOIN beneficiary_beneficiary file ON file.id = request.beneficiary_id
  JOIN beneficiary_decision decision
       ON decision.request_id = request.id AND decision.outcome = 'accepted',
       LATERAL (SELECT request.state <> 'registered' AS done) AS stage
 WHERE request.company_id = %(company)s
   AND request.state IN ('registered', 'delivered', 'closed')
 ORDER BY request.released_on
