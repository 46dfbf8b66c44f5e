-- What the people thought of a tenth of the closed requests.
INSERT INTO rating_rating (
    res_model_id, res_model, res_id, res_name, company_id, rating, rating_text, feedback,
    consumed, is_internal, rated_on, create_uid, write_uid, create_date, write_date
)
SELECT %(model_id)s, %(model)s, id, name, company_id, rating_last_value, 'top', 'Thank you',
       TRUE, FALSE, released_on + interval '2 days', %(officer)s, %(officer)s, released_on,
       released_on
  FROM beneficiary_request
 WHERE company_id = %(company)s AND rating_last_value > 0
 ORDER BY id
