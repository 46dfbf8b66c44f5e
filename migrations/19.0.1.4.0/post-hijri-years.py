from odoo import SUPERUSER_ID, api

# The fields in which a Hijri year could be kept as a Gregorian one, and the way to the
# file. No Gregorian date of them lies before this day.
FIELDS = (
    ("beneficiary.beneficiary", "birth_date", None),
    ("beneficiary.household.member", "birth_date", "beneficiary_id"),
    ("beneficiary.document", "issue_date", "beneficiary_id"),
    ("beneficiary.document", "expiry_date", "beneficiary_id"),
)
FIRST_DAY = "1600-01-01"


def migrate(cr, version):
    """Ask for a look at each date whose year looks like a Hijri one.

    The dates stay as they are: a declaration may have been signed with them.
    """
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    for model, name, path in FIELDS:
        for record in env[model].search([(name, "<", FIRST_DAY)]):
            file = record[path] if path else record
            label = record._fields[name]._description_string(env)
            file._message_log(
                body=env._(
                    "%(field)s of %(record)s is %(date)s. It looks like a Hijri date: "
                    "compare it with the paper, and write it again.",
                    field=label,
                    record=record.display_name,
                    date=record[name],
                )
            )
            user = file.officer_id or file.company_id._get_beneficiary_manager()
            if user:
                file.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user[:1].id,
                    summary=env._("A date of this file looks like a Hijri date"),
                )
