"""The peers in the same database: as many records, of the same people, with the same
followers, messages and activities.

``project`` is always there, and the OCA's ``helpdesk_mgmt`` where it is installed.
``crm`` and ``base_automation`` need no rows: leads are created, and the automation is
made by what measures it.
"""

from odoo import Command

import populate

# Name of the stage, state of a task, whether it is closed; by state of the request.
STAGES = {
    "draft": ("Draft", "01_in_progress", False),
    "submitted": ("Submitted", "01_in_progress", False),
    "verified": ("Verified", "01_in_progress", False),
    "declared": ("Declared", "01_in_progress", False),
    "in_review": ("In Review", "01_in_progress", False),
    "decided": ("Decided", "01_in_progress", False),
    "accepted": ("Accepted", "01_in_progress", False),
    "registered": ("Registered", "01_in_progress", False),
    "delivered": ("Delivered", "01_in_progress", False),
    "closed": ("Closed", "1_done", True),
    "cancelled": ("Cancelled", "1_canceled", True),
}
CLOSED = list(STAGES).index("closed")
# The officer is an ordinary user of each, and a member of all teams of the helpdesk.
OFFICER_GROUPS = (
    "project.group_project_user",
    "helpdesk_mgmt.group_helpdesk_user_team",
    "sales_team.group_sale_salesman_all_leads",
)
DEADLINE_DAYS = 24
OURS, TASK, TICKET = "beneficiary.request", "project.task", "helpdesk.ticket"
# The domains of what is late, as the screens of each have it.
OVERDUE = {
    OURS: [("is_overdue", "=", True)],
    TASK: [("date_deadline", "<", "now"), ("is_closed", "=", False)],
    TICKET: [("sla_expired", "=", True)],
}


def fill(env, company, parameters):
    """Make the rows of each peer that is installed.

    :param parameters: what ``association.make`` returned
    """
    if TASK not in env:
        return
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    groups = (env.ref(name, raise_if_not_found=False) for name in OFFICER_GROUPS)
    env["res.users"].browse(parameters["officer"]).write(
        {"group_ids": [Command.link(group.id) for group in groups if group]}
    )
    populate.insert(env, ["peers/partners"], parameters)
    makers = {TASK: _make_projects, TICKET: _make_teams}
    for model, make in makers.items():
        if model in env:
            values = {
                **parameters,
                **make(env, company, parameters),
                "model": model,
                "model_id": env["ir.model"]._get_id(model),
                "states": list(STAGES),
            }
            table = env[model]._table
            populate.insert(env, [f"peers/{table}", "threads"], values)


def _make_projects(env, company, parameters):
    """Make a project for each committee, with the stages of a request."""
    stages = env["project.task.type"].create(
        [
            {"name": name, "sequence": place, "fold": closed, "user_id": False}
            for place, (name, _state, closed) in enumerate(STAGES.values())
        ]
    )
    committees = env["beneficiary.committee"].browse(parameters["committees"])
    projects = env["project.project"].create(
        [
            {
                "name": f"Project of {committee.name}",
                "company_id": company.id,
                "privacy_visibility": "portal",
                "type_ids": [Command.set(stages.ids)],
            }
            for committee in committees
        ]
    )
    return {
        "projects": projects.ids,
        "stages": stages.ids,
        "task_states": [state for _name, state, _closed in STAGES.values()],
    }


def _make_teams(env, company, parameters):
    """Make a team for each committee, with the stages of a request and a deadline."""
    stages = env["helpdesk.ticket.stage"].create(
        [
            {
                "name": name,
                "sequence": place,
                "closed": closed,
                "fold": closed,
                "unattended": not place,
                "company_id": company.id,
            }
            for place, (name, _state, closed) in enumerate(STAGES.values())
        ]
    )
    committees = env["beneficiary.committee"].browse(parameters["committees"])
    teams = env["helpdesk.ticket.team"].create(
        [
            {
                "name": f"Team of {committee.name}",
                "company_id": company.id,
                "user_ids": [Command.set([parameters["officer"], officer])],
                "use_sla": True,
            }
            for committee, officer in zip(
                committees, parameters["officers"], strict=True
            )
        ]
    )
    stages.team_ids = teams
    sla = env["helpdesk.sla"].create(
        {
            "name": "Deadline",
            "company_id": company.id,
            "team_ids": [Command.set(teams.ids)],
            "stage_id": stages[CLOSED].id,
            "days": DEADLINE_DAYS,
        }
    )
    return {
        "teams": teams.ids,
        "stages": stages.ids,
        "sla": sla.id,
        "closed_stage": stages[CLOSED].id,
    }


def compare(env, company):
    """Return rows of a table: what each model has, and whether all have the same."""
    officer, applicant = (
        env["res.users"].search([("login", "=", login)])
        for login in ("bench_officer", "bench_portal_000")
    )
    rows = []
    models = [model for model in OVERDUE if model in env]
    for model in models if len(models) > 1 else ():
        ours = [("company_id", "=", company.id)]
        seen = env[model].with_user(officer)
        rows.append(
            {
                "model": model,
                "the officer sees": seen.search_count(ours),
                "overdue": seen.search_count([*ours, *OVERDUE[model]]),
                "the applicant sees": env[model].with_user(applicant).search_count([]),
                **{
                    title: _count_beside(env, company, model, name, column)
                    for title, name, column in (
                        ("followers", "mail.followers", "res_model"),
                        ("messages", "mail.message", "model"),
                        ("activities", "mail.activity", "res_model"),
                    )
                },
            }
        )
    counts = {tuple(row.values())[1:] for row in rows}
    return rows, len(counts) < 2


def _count_beside(env, company, model, name, column):
    """Count what Odoo keeps beside the records of ``model``."""
    records = env[model]._search([("company_id", "=", company.id)])
    return env[name].search_count([(column, "=", model), ("res_id", "in", records)])
