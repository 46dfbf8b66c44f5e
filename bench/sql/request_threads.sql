-- The requests whose followers, messages and activities are made next.
CREATE TEMPORARY TABLE thread AS
SELECT request.id AS res_id, request.name, request.create_date AS made,
       row_number() OVER (ORDER BY request.id) AS place,
       request.state NOT IN ('closed', 'cancelled') AS open,
       request.state = 'in_review' AND request.reply_due_on < now() AS late,
       request.officer_id AS officer, account.partner_id AS contact
  FROM beneficiary_request request
  LEFT JOIN beneficiary_portal_user_rel follower USING (beneficiary_id)
  LEFT JOIN res_users account ON account.id = follower.user_id
 WHERE request.company_id = %(company)s
