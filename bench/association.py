"""The association that is measured: the records of its small tables, made by the ORM.

Users are found by their logins, which are their passwords too: ``bench_officer``,
``bench_manager``, ``bench_member``, ``bench_delegate``, ``bench_auditor``, and
``bench_portal_000`` and on.
"""

from passlib.context import CryptContext

from odoo import Command

NAME = "Bench"
ROUNDS = 1_000
# The scan of every paper: a transparent image of one pixel.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)
COMMITTEES = 8
BRANCHES = 4
CHANNELS = (
    "interview",
    "phone",
    "social",
    "letter",
    "help_request",
    "volunteering",
    "website",
    "delegate",
)
STEPS = ("receive", "verify", "refer", "declare", "notify", "register", "deliver")
PAPERS = ("identity", "family_register", "salary")
QUESTIONS = {
    "How many live in the home?": "number",
    "Is it rented?": "yes_no",
    "What is most needed?": "text",
}
# Each looks after the requests of two committees, and reads all.
OFFICERS = (
    "bench_officer",
    "bench_second_officer",
    "bench_third_officer",
    "bench_fourth_officer",
)
# Each is the delegate of every second branch.
DELEGATES = ("bench_delegate", "bench_second_delegate")
# The members of each committee besides its chair.
SEATS = ("bench_member", "bench_second_member")
STAFF = {
    **dict.fromkeys(OFFICERS, "officer"),
    "bench_manager": "manager",
    **dict.fromkeys(DELEGATES, "delegate"),
    "bench_researcher": "researcher",
    "bench_auditor": "auditor",
    "bench_chair": "committee",
    **dict.fromkeys(SEATS, "committee"),
}


def find(env):
    """Return the association that was made before; an empty record if there is none."""
    return env["res.company"].search([("name", "=", NAME)], limit=1)


def put_aside(env, company):
    """Rename the association and its users, so that another can be made."""
    company.name = f"{NAME} {company.id}"
    for user in env["res.users"].search([("company_id", "=", company.id)]):
        user.login = f"{user.login}_{company.id}"
    env.flush_all()


def make(env, portal_users):
    """Make the association, its policy and catalogues, and its people.

    :param portal_users: how many people follow their requests on the portal
    :return: the association, and the parameters of the statements in ``sql/``
    """
    company = env["res.company"].create({"name": NAME})
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    users = _make_users(env, company, portal_users)
    policy = _make_policy(env, company)
    delegates = [users[DELEGATES[number % 2]].id for number in range(BRANCHES)]
    branches = env["beneficiary.branch"].create(
        [
            {
                "name": f"Branch {number}",
                "company_id": company.id,
                "delegate_ids": [Command.set([delegate])],
            }
            for number, delegate in enumerate(delegates)
        ]
    )
    committees = _make_committees(env, company, users)
    services = _make_services(env, company, committees)
    portal = [user for login, user in users.items() if login not in STAFF]
    scan = env["ir.attachment"].create({"name": "scan.png", "datas": PIXEL})
    return company, {
        "company": company.id,
        "policy": policy.id,
        "channels": [_ref(env, f"channel_{code}").id for code in CHANNELS],
        "branches": branches.ids,
        "committees": committees.ids,
        "services": services.ids,
        "papers": [_ref(env, f"document_type_{code}").id for code in PAPERS],
        "scan": scan.id,
        "officer": users["bench_officer"].id,
        "officers": [users[OFFICERS[place // 2]].id for place in range(COMMITTEES)],
        "researcher": users["bench_researcher"].id,
        "chair": users["bench_chair"].id,
        "manager": users["bench_manager"].id,
        "delegates": delegates,
        "portal": [user.id for user in portal],
        "portal_users": portal_users,
        "rejection_reason": _ref(env, "rejection_reason_not_shown").id,
        "comment": env.ref("mail.mt_comment").id,
        "note": env.ref("mail.mt_note").id,
        "to_do": env.ref("mail.mail_activity_data_todo").id,
        "model": "beneficiary.request",
        "model_id": env["ir.model"]._get_id("beneficiary.request"),
    }


def _ref(env, name):
    return env.ref(f"beneficiary_relations.{name}")


def _make_users(env, company, portal_users):
    """Return the new users by login."""
    groups = {login: _ref(env, f"group_{role}") for login, role in STAFF.items()}
    for number in range(portal_users):
        groups[f"bench_portal_{number:03}"] = env.ref("base.group_portal")
    users = env["res.users"].with_context(
        no_reset_password=True, mail_create_nolog=True, tracking_disable=True
    )
    users = users.create(
        [
            {
                "name": login.replace("_", " ").capitalize(),
                "login": login,
                "email": f"{login}@example.com",
                "lang": "ar_001",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set(group.ids)],
            }
            for login, group in groups.items()
        ]
    )
    # Odoo's own hash takes a third of a second; it replaces these at the first sign-in.
    passwords = CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=ROUNDS)
    for user in users:
        user._set_encrypted_password(user.id, passwords.hash(user.login))
    return dict(zip(groups, users, strict=True))


def _make_policy(env, company):
    """Return a policy that has been in force for longer than the oldest record."""
    policy = env["beneficiary.policy"].create(
        {
            "name": "Policy of Bench",
            "company_id": company.id,
            "declaration_text": "I declare that what I gave is correct.",
            "notice_text": "The committee replies in not less than two weeks.",
            "channel_line_ids": [
                Command.create({"channel_id": _ref(env, f"channel_{code}").id})
                for code in CHANNELS
            ],
            "tool_line_ids": [
                Command.create({"tool_id": tool.id})
                for tool in env["beneficiary.tool"].search([("company_id", "=", False)])
            ],
            "step_ids": [
                Command.create(
                    {
                        "sequence": sequence,
                        "code": code,
                        "name": f"Step {code}",
                        "is_conditional": code == "refer",
                    }
                )
                for sequence, code in enumerate(STEPS)
            ],
        }
    )
    policy.action_put_in_force()
    policy._write_state({"in_force_on": "2000-01-01"})
    return policy


def _make_committees(env, company, users):
    committees = env["beneficiary.committee"].create(
        [
            {
                "name": f"Committee {number}",
                "company_id": company.id,
                "circular": True,
                "member_ids": [
                    Command.create(
                        {"user_id": users["bench_chair"].id, "role": "chair"}
                    ),
                    *(Command.create({"user_id": users[login].id}) for login in SEATS),
                ],
            }
            for number in range(COMMITTEES)
        ]
    )
    return committees


def _make_services(env, company, committees):
    return env["beneficiary.service"].create(
        [
            {
                "name": f"Service of {committee.name}",
                "company_id": company.id,
                "committee_id": committee.id,
                "delivery_kind": "cash",
                "portal_published": True,
                "document_line_ids": [
                    Command.create({"type_id": _ref(env, f"document_type_{code}").id})
                    for code in PAPERS
                ],
                "question_ids": [
                    Command.create({"name": text, "kind": kind})
                    for text, kind in QUESTIONS.items()
                ],
            }
            for committee in committees
        ]
    )
