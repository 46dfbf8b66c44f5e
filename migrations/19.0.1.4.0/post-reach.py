"""The reminder of a paper goes to the addresses of notices: a ward's guardian too."""

FORMER = "{{ object.beneficiary_id.email }}"
ADDRESS = "{{ object.beneficiary_id.notice_email }}"


def migrate(cr, version):
    cr.execute(
        """
        UPDATE mail_template template
           SET email_to = %s
          FROM ir_model_data data
         WHERE data.module = 'beneficiary_relations'
           AND data.name = 'mail_template_renewal'
           AND data.model = 'mail.template'
           AND template.id = data.res_id
           AND template.email_to = %s
        """,
        [ADDRESS, FORMER],
    )
