"""Close applicants' files that were public, or open by a permanent link.

Until 1.2 whoever could change a paper or a request could open its files so.
"""

FIELDS = (
    ("beneficiary.document", ("file", "file_back")),
    ("beneficiary.declaration", ("signature", "paper")),
    ("beneficiary.delivery.receipt", ("signature", "paper")),
    ("beneficiary.referral.photo", ("image",)),
    ("beneficiary.session.attendance", ("signature",)),
    ("beneficiary.committee.session", ("signed_paper",)),
)


def migrate(cr, version):
    cr.execute(
        "UPDATE ir_attachment SET public = FALSE WHERE public AND res_model LIKE %s",
        ("beneficiary.%",),
    )
    for model, fields in FIELDS:
        cr.execute(
            "UPDATE ir_attachment SET access_token = NULL"
            " WHERE access_token IS NOT NULL AND res_model = %s AND res_field IN %s",
            (model, fields),
        )
