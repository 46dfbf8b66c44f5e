"""Name on each file the accounts that follow it on the portal.

Until 1.2 whoever signed in with the contact behind a file followed it, and Odoo gave
any colleague a link by which such an account was made. The accounts that are there:

- one made by a colleague who may invite (Odoo's wizard "Grant Portal Access") is named
  on the file, and nothing changes for the person;
- one that was made through a link, at the e-mail of the file, is named on it too, but
  whoever made it is let in no more: the person sets a password anew, by the mail of
  "Reset Password", which goes to the e-mail of the file. Its keys are deleted;
- one that was made through a link with another e-mail is not named: that is how a
  stranger would have come in. The note on the file says that the person is to be
  invited;
- colleagues, whose own contact may be that of a file, are not named either: a manager
  names them. They go on being recused.

Links that were given out, and not used yet, make no account any more.
"""

import logging

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, email_normalize

_logger = logging.getLogger(__name__)

RULES = {
    "beneficiary_rule_portal": (
        "['|', ('portal_user_ids', 'in', user.ids), ('representative_ids', 'any',"
        " [('user_id', '=', user.id), ('scope', 'in', ('all', 'requests')),"
        " ('date_from', '<=', 'today'), '|', ('date_to', '=', False),"
        " ('date_to', '>=', 'today')])]"
    ),
    "request_rule_portal": (
        "['|', ('beneficiary_id.portal_user_ids', 'in', user.ids),"
        " ('beneficiary_id.representative_ids', 'any',"
        " [('user_id', '=', user.id), ('scope', 'in', ('all', 'requests')),"
        " ('date_from', '<=', 'today'), '|', ('date_to', '=', False),"
        " ('date_to', '>=', 'today')])]"
    ),
}
# Who could invite with Odoo's own wizard.
INVITERS = ("base.group_partner_manager", "base.group_erp_manager")
# What the chatter of the file says, in the language of its association.
NOTES = {
    "named": {
        "en": "The account %(name)s goes on following this file, and is named on it.",
        "ar": "يستمر الحساب %(name)s في متابعة هذا الملف، وقد أصبح مسجّلًا فيه.",
    },
    "kept": {
        "en": "The account %(name)s was made through a link. It follows this file once "
        "the person sets a new password, with “Reset Password” on the sign-in page.",
        "ar": "أُنشئ الحساب %(name)s من رابط. يتابع هذا الملف بعد أن يعيّن صاحبه كلمة "
        "مرور جديدة من «إعادة تعيين كلمة المرور» في صفحة الدخول.",
    },
    "left": {
        "en": "An account with another e-mail than this file's signed in with its "
        "contact. It does not follow the file any more. Call the person, and use "
        "“Invite to the Portal”.",
        "ar": "كان يدخل بجهة اتصال هذا الملف حساب ببريد غير بريد الملف، ولم يعد "
        "يتابعه. تواصلوا مع صاحب الملف، ثم استخدموا «دعوة إلى البوابة».",
    },
}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    _write_rules(env)
    cr.execute(
        SQL(
            "UPDATE res_partner SET signup_type = NULL"
            " WHERE is_beneficiary_contact AND signup_type IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM res_users"
            " WHERE res_users.partner_id = res_partner.id)"
        )
    )
    env.invalidate_all()
    _name_accounts(env)


def _write_rules(env):
    """Rules are data that an upgrade leaves alone."""
    for name, domain in RULES.items():
        rule = env.ref(f"beneficiary_relations.{name}", raise_if_not_found=False)
        if rule:
            rule.domain_force = domain
    rule = env.ref(
        "beneficiary_relations.calendar_attendee_rule_session",
        raise_if_not_found=False,
    )
    if rule:  # each reads their own by a rule of its own
        rule.perm_read = False


def _name_accounts(env):
    files = env["beneficiary.beneficiary"].with_context(active_test=False)
    for file in files.search([("partner_id.user_ids.share", "=", True)]):
        accounts = file.partner_id.user_ids.filtered(
            lambda user: user.active and user._is_portal()
        )
        for user in accounts - file.portal_user_ids:
            _judge_account(file, user)


def _judge_account(file, user):
    """Name ``user`` on ``file``, or not, as described above."""
    addresses = {email_normalize(user.login), email_normalize(user.email)}
    if any(user.create_uid.has_group(group) for group in INVITERS):
        kind = "named"
    elif file.email and addresses == {email_normalize(file.email)}:
        kind = "kept"
        user._forget_password()
        file.env["res.users.apikeys"].search([("user_id", "=", user.id)]).unlink()
    else:
        kind = "left"
        _logger.warning("Account %s follows file %s no more", user.id, file.id)
    if kind != "left":
        file.portal_user_ids |= user
    lang = "ar" if (file.company_id.partner_id.lang or "").startswith("ar") else "en"
    file._message_log(body=NOTES[kind][lang] % {"name": user.name})
