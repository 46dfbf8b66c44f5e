"""The messages that ask for a rating hold a link that needs no sign-in.

Texts that nobody edited are written anew; those of an association stay as they are.
"""

TEXTS = (
    ("mail_template", "mail_template_rating"),
    ("sms_template", "sms_template_rating"),
)


def migrate(cr, version):
    for table, name in TEXTS:
        cr.execute(
            f"""UPDATE ir_model_data data SET noupdate = FALSE
                  FROM {table} template
                 WHERE data.module = 'beneficiary_relations' AND data.name = %s
                   AND template.id = data.res_id
                   AND template.write_date = template.create_date""",  # noqa: S608
            [name],
        )
