-- What Odoo keeps beside a record, for the rows of the table `thread`: its officer and
-- the person on the portal follow it, a quarter has a message, and each open one has an
-- activity with its deadline.
WITH follower AS (
    INSERT INTO mail_followers (res_model, res_id, partner_id)
    SELECT %(model)s, res_id, partner
      FROM thread
      JOIN res_users account ON account.id = thread.officer,
           LATERAL (VALUES (account.partner_id), (contact)) AS follower (partner)
     WHERE partner IS NOT NULL
     ORDER BY res_id
 RETURNING id
)
INSERT INTO mail_followers_mail_message_subtype_rel (
    mail_followers_id, mail_message_subtype_id
)
SELECT id, %(comment)s FROM follower;

INSERT INTO mail_message (
    model, res_id, record_company_id, subtype_id, author_id, message_type, email_from,
    message_id, reply_to, body, is_internal, reply_to_force_new, date,
    create_uid, write_uid, create_date, write_date
)
SELECT %(model)s, res_id, %(company)s,
       CASE WHEN is_note THEN %(note)s ELSE %(comment)s END,
       CASE WHEN is_note THEN account.partner_id
            ELSE coalesce(contact, account.partner_id) END,
       'comment', 'bench_officer@example.com',
       '<bench-' || %(model)s || '-' || res_id || '@example.com>',
       'bench_officer@example.com',
       '<p>The person was asked for the lease, and brings it on Sunday.</p>', is_note,
       FALSE, made, %(officer)s, %(officer)s, made, made
  FROM thread
  JOIN res_users account ON account.id = thread.officer,
       LATERAL (SELECT place %% 8 = 0 AS is_note) AS kind
 WHERE place %% 4 = 0
 ORDER BY made;

INSERT INTO mail_activity (
    res_model, res_model_id, res_id, res_name, activity_type_id, user_id, summary,
    date_deadline, active, automated, create_uid, write_uid, create_date, write_date
)
SELECT %(model)s, %(model_id)s, res_id, name, %(to_do)s, officer, 'Next step',
       CASE WHEN late THEN now()::date - 1 - place::int %% 20
            ELSE now()::date + 1 + place::int %% 20 END,
       TRUE, TRUE, %(officer)s, %(officer)s, made, made
  FROM thread
 WHERE open
 ORDER BY res_id;

DROP TABLE thread;
