-- A list of disbursement for each service and month, with a line for each delivery.
WITH list AS (
    INSERT INTO beneficiary_disbursement (
        name, company_id, service_id, date_from, date_to, state, prepared_by_id,
        approved_by_id, approved_on, exported_on,
        create_uid, write_uid, create_date, write_date
    )
    SELECT 'PD/' || service_id || '/' || to_char(month, 'YYYYMM'), %(company)s, service_id,
           month, (month + interval '1 month')::date - 1, 'done', %(officer)s,
           %(manager)s, month + interval '1 month', month + interval '1 month',
           %(officer)s, %(officer)s, month, month
      FROM (SELECT DISTINCT service_id, date_trunc('month', planned_date)::date AS month
              FROM beneficiary_delivery
             WHERE company_id = %(company)s AND disbursement_line_id IS NOT NULL) AS due
     ORDER BY month, service_id
 RETURNING id, service_id, date_from
)
INSERT INTO beneficiary_disbursement_line (
    id, name, disbursement_id, company_id, beneficiary_id, payee, state, amount, paid_on,
    create_uid, write_uid, create_date, write_date
)
SELECT delivery.disbursement_line_id, 'P' || delivery.disbursement_line_id, list.id,
       delivery.company_id, delivery.beneficiary_id, delivery.received_by, 'paid',
       delivery.amount, delivery.handed_on, %(officer)s, %(officer)s,
       delivery.create_date, delivery.create_date
  FROM beneficiary_delivery delivery
  JOIN list ON list.service_id = delivery.service_id
           AND list.date_from = date_trunc('month', delivery.planned_date)::date
 WHERE delivery.company_id = %(company)s AND delivery.disbursement_line_id IS NOT NULL
 ORDER BY delivery.disbursement_line_id
