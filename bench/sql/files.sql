-- Files of persons. Names are drawn as they are given: a few to very many people.
WITH drawn AS MATERIALIZED (
    SELECT number,
           concat_ws(
               ' ',
               CASE WHEN random() < 0.5
                    THEN (%(men)s)[1 + floor(50 * power(random(), 2.2))::int]
                    ELSE (%(women)s)[1 + floor(40 * power(random(), 2.2))::int]
               END,
               (%(men)s)[1 + floor(50 * power(random(), 2.2))::int],
               (%(men)s)[1 + floor(50 * power(random(), 2.2))::int],
               (%(families)s)[1 + floor(80 * power(random(), 1.6))::int]
           ) AS name,
           CASE WHEN random() < 0.8
                THEN date '1945-01-01' + floor(random() * 24000)::int
           END AS birth_date,
           CASE WHEN random() < 0.9
                THEN '+9665' || lpad(((hashint8(floor(random() * %(files)s * 0.9)::bigint)
                                        & 2147483647)::bigint %% 100000000)::text, 8, '0')
           END AS phone,
           CASE WHEN random() < 0.92
                THEN '1' || lpad((number::bigint * 61803399 %% 1000000007)::text, 9, '0')
           END AS identity_number,
           (now() - random() * interval '3 years')::date AS made
      FROM generate_series(1, %(files)s) AS number
)
INSERT INTO beneficiary_beneficiary (
    name, name_key, file_number, company_id, branch_id, officer_id, kind, state, source,
    identity_type, identity_number, birth_date, phone, street, short_address, city, lang,
    active, duplicate_check, notice_by_email, notice_by_sms, is_portal_closed,
    is_birth_year_only, verified_on, review_due_on, search_key,
    create_uid, write_uid, create_date, write_date
)
SELECT name, key, 'B' || number, %(company)s,
       (%(branches)s)[1 + number %% (cardinality(%(branches)s) + 1)],
       (%(officers)s)[1 + number %% cardinality(%(officers)s)],
       'person', 'active', 'office',
       CASE WHEN identity_number IS NOT NULL THEN 'national' END, identity_number,
       birth_date, phone, 'Example Street', 'RRRD2929', 'Riyadh', 'ar_001', TRUE, FALSE,
       TRUE, TRUE, FALSE, FALSE, made, made + 1461,
       concat_ws(' ', key, 'b' || number, identity_number, phone,
                 '0' || substr(phone, 5)),
       %(officer)s, %(officer)s, made, made
  FROM drawn, translate(name, 'ئؤ', 'يو') AS key
 ORDER BY number
