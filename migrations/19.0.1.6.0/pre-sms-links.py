"""Text messages to applicants carry a link to the page they speak of."""

from psycopg2.extras import Json

# {template: (English, Arabic and new English text)}: what was changed by hand stays.
FORMER = {
    "sms_template_review_notice": (
        (
            "Your request {{ object.name }} goes to the committee. See when it "
            "replies on your page, or ask us. {{ object.company_id.name }}"
        ),
        (
            "يُعرض طلبكم رقم {{ object.name }} على اللجنة. موعد الرد مبيّن في "
            "صفحتكم على الموقع، ويمكنكم التواصل مع الجمعية. {{ "
            "object.company_id.name }}"
        ),
        (
            "Your request {{ object.name }} goes to the committee. See when it "
            "replies: {{ object._get_portal_link() }} {{ object.company_id.name "
            "}}"
        ),
    ),
    "sms_template_returned": (
        (
            "Your request {{ object.name }} needs completing. See what is asked "
            "of you on your page, or ask us. {{ object.company_id.name }}"
        ),
        (
            "طلبكم رقم {{ object.name }} يحتاج إلى استكمال. المطلوب مبيّن في "
            "صفحتكم على الموقع، ويمكنكم التواصل مع الجمعية. {{ "
            "object.company_id.name }}"
        ),
        (
            "Your request {{ object.name }}: {{ object._get_stand() }} "
            "{{ object._get_portal_link() }} {{ object.company_id.name }}"
        ),
    ),
    "sms_template_reopened": (
        (
            "Your request {{ object.name }} was reopened and is studied again. "
            "See why on your page, or ask us. {{ object.company_id.name }}"
        ),
        (
            "أُعيد فتح طلبكم رقم {{ object.name }} لدراسته من جديد. السبب مبيّن "
            "في صفحتكم على الموقع، ويمكنكم التواصل مع الجمعية. {{ "
            "object.company_id.name }}"
        ),
        (
            "Your request {{ object.name }} was reopened and is studied again. "
            "See why: {{ object._get_portal_link() }} {{ object.company_id.name "
            "}}"
        ),
    ),
    "sms_template_reply": (
        (
            "There is a reply to your request {{ object.name }}. Read it on your "
            "page, or ask us. {{ object.company_id.name }}"
        ),
        (
            "صدر الرد على طلبكم رقم {{ object.name }}. يمكنكم الاطلاع عليه في "
            "صفحتكم أو بالتواصل معنا. {{ object.company_id.name }}"
        ),
        (
            "There is a reply to your request {{ object.name }}. Read it: {{ "
            "object._get_portal_link() }} {{ object.company_id.name }}"
        ),
    ),
    "sms_template_cancelled": (
        (
            "Your request {{ object.name }} was cancelled. See why on your page, "
            "or ask us. {{ object.company_id.name }}"
        ),
        (
            "أُلغي طلبكم رقم {{ object.name }}. السبب مبيّن في صفحتكم على "
            "الموقع، ويمكنكم التواصل مع الجمعية. {{ object.company_id.name }}"
        ),
        (
            "Your request {{ object.name }} was cancelled. See why: {{ "
            "object._get_portal_link() }} {{ object.company_id.name }}"
        ),
    ),
    "sms_template_rating": (
        (
            "How was our service? Rate your request {{ object.name }} on your "
            "page. {{ object.company_id.name }}"
        ),
        (
            "كيف كانت خدمتنا؟ قيّموا خدمتنا في الطلب {{ object.name }} في "
            "صفحتكم. {{ object.company_id.name }}"
        ),
        (
            "How was our service? Rate your request {{ object.name }}: {{ "
            "object._get_portal_link() }} {{ object.company_id.name }}"
        ),
    ),
}


def migrate(cr, version):
    for name, (english, arabic, new) in FORMER.items():
        cr.execute(
            """
            SELECT template.id, template.body
              FROM sms_template template
              JOIN ir_model_data data
                ON data.res_id = template.id
               AND data.model = 'sms.template'
               AND data.module = 'beneficiary_relations'
               AND data.name = %s
            """,
            [name],
        )
        for template_id, body in cr.fetchall():
            # Without its Arabic the template gets the new one, when texts are loaded.
            kept = {
                lang: new if text == english else text
                for lang, text in body.items()
                if text != arabic
            }
            cr.execute(
                "UPDATE sms_template SET body = %s WHERE id = %s",
                [Json(kept), template_id],
            )
