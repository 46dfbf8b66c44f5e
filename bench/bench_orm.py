"""Gates of reading: what screens ask for, as their users, beside the peers."""

from collections import namedtuple

import client
import duplicates
from watch import Contestant

REQUEST = "beneficiary.request"
FILE = "beneficiary.beneficiary"
# The peers: project, and the helpdesk of the Odoo Community Association (OCA).
PEERS = {"task": "project.task", "oca": "helpdesk.ticket"}
OPEN = {
    "ours": [("state", "not in", ("closed", "cancelled"))],
    "task": [("is_closed", "=", False)],
    "oca": [("closed", "=", False)],
}
LATE = {
    "ours": [("is_overdue", "=", True)],
    "oca": [("sla_expired", "=", True), ("closed", "=", False)],
}
# Requests by state, by committee and by officer; tickets by the like.
GROUPS = {
    "state": "stage_id",
    "committee_id": "team_id",
    "officer_id": "user_id",
}
STATES = (
    "draft",
    "submitted",
    "verified",
    "declared",
    "in_review",
    "decided",
    "accepted",
    "registered",
    "delivered",
    "closed",
)
READERS = ("bench_delegate", "bench_manager", "bench_member", "bench_auditor")
COUNTERS = ["request_count", "interaction_count"]
PEER_COUNTERS = ["helpdesk_ticket_count", "helpdesk_ticket_active_count"]
# Modules whose fields on the form of a contact are no part of Odoo's own form.
PEER_MODULES = ("project", "crm", "helpdesk", "hr_timesheet")

Operation = namedtuple("Operation", "gate operation contestants")
OFFICER = "bench_officer"
APPLICANT = "bench_portal_000"


def get_peers(env):
    """Return the peers that are installed: {name: model}."""
    return {name: model for name, model in PEERS.items() if model in env}


def get_control(env):
    """Return the operation whose cost tells whether the machine is steady."""
    return _beside(
        "Control",
        "Partner list, 80 rows",
        {"stock": lambda env, turn: lambda: client.read_list(env["res.partner"], [])},
    )


def get_operations(env):
    """Return the reading operations, for the peers that are installed."""
    peers = get_peers(env)
    models = {"ours": REQUEST, **peers}
    yield _beside(
        "R1",
        "Request list, open",
        {name: _list(model, OPEN[name]) for name, model in models.items()},
    )
    yield _beside(
        "R2",
        "Kanban, all",
        {name: _kanban(model) for name, model in models.items() if name != "task"},
    )
    for ours, theirs in GROUPS.items():
        works = {"ours": _groups(REQUEST, ours)}
        if "oca" in peers:
            works["oca"] = _groups(peers["oca"], theirs)
        yield _beside("R3", f"Group counts by {ours}", works)
    yield from _get_forms(env, models)
    yield _beside(
        "R5",
        "File form",
        {"ours": _form(FILE), "stock": _form("res.partner", _get_peer_fields(env))},
    )
    works = {"ours": _read(FILE, COUNTERS)}
    if "oca" in peers:
        works["oca"] = _read("res.partner", PEER_COUNTERS)
    yield _beside("R6", "Counters of 80 files", works)
    yield from _get_searches(env)
    yield _beside(
        "R8",
        "Overdue page",
        {
            name: _list(models[name], domain)
            for name, domain in LATE.items()
            if name in models
        },
    )
    works = {"ours": _count_own}
    if "oca" in peers:
        works["oca"] = _count_tickets
    yield _beside("P2", "Portal counter", works, APPLICANT)
    yield _beside("D1", "Near duplicates of a new file", {"ours": _search_duplicates})


def _beside(gate, operation, works, login=OFFICER):
    return Operation(
        gate,
        operation,
        [Contestant(name, login, prepare) for name, prepare in works.items()],
    )


def _list(model, domain):
    return lambda env, turn: lambda: client.read_list(env[model], domain)


def _kanban(model):
    return lambda env, turn: lambda: client.read_kanban(env[model], [])


def _groups(model, group_by):
    return lambda env, turn: lambda: client.read_groups(env[model], [], group_by)


def _get_forms(env, models):
    """The form of a request in each state, and of those in review for each role."""
    states = [
        state
        for state in STATES
        if env[REQUEST].search_count([("state", "=", state)], limit=1)
    ]
    for state in states:
        works = {"ours": _form(REQUEST, domain=[("state", "=", state)])}
        if state == "in_review":
            for name, model in models.items():
                works.setdefault(name, _form(model, domain=OPEN[name]))
        yield _beside("R4", f"Request form, {state}", works)
    for login in READERS:
        yield _beside(
            "R4",
            f"Request form, in_review, {login.removeprefix('bench_')}",
            {"ours": _form(REQUEST, domain=[("state", "=", "in_review")])},
            login,
        )


def _form(model, without=(), domain=()):
    def prepare(env, turn):
        record = env[model].search(list(domain), limit=1, offset=turn)
        record.ensure_one()
        fields = client.get_specification(record, "form")
        for name in without:
            fields.pop(name, None)
        return lambda: client.read_form(record.browse(record.ids), fields)

    return prepare


def _get_peer_fields(env):
    """Return the names of the fields that the peers add to a contact."""
    return [
        name
        for name, field in env["res.partner"]._fields.items()
        if any(str(module).startswith(PEER_MODULES) for module in field._modules)
    ]


def _read(model, names):
    def prepare(env, turn):
        records = env[model].search([], limit=client.LIST_PAGE)
        return lambda: records.browse(records.ids).read(names)

    return prepare


def _get_searches(env):
    """What is typed into the field of a person, and must find one, or find none."""
    file = env[FILE].search([("phone", "!=", False)], limit=1, offset=100)
    number = file.file_number
    phone = f"0{file.phone.removeprefix('+966')}"
    for gate, operation, text, must in (
        ("R7", "Find a person by number", number, True),
        ("R7", "Find a person by telephone", phone, True),
        ("R7", "Find a person: nobody has the name", "ظظغظظ", False),
        ("R7b", "Find a person by a common name", "محمد", True),
    ):
        yield _beside(
            gate,
            operation,
            {"ours": _find(FILE, text, must), "stock": _find("res.partner", text)},
        )


def _find(model, text, must=None):
    def prepare(env, turn):
        def work():
            found = client.find_choices(env[model], text)
            if must is not None and bool(found) != must:
                raise AssertionError(f"{text}: {found}")

        return work

    return prepare


def _search_duplicates(env, turn):
    texts = list(duplicates.TYPED.values())
    vals = texts[turn % len(texts)]
    files = env[FILE].sudo()
    vals = {"company_id": env.company.id, "kind": "person", **vals}
    return lambda: files.new(vals)._find_near_duplicates()


def _count_own(env, turn):
    requests = env[REQUEST]
    return lambda: requests.search_count(requests._portal_domain())


def _count_tickets(env, turn):
    """Count as the page of the portal does."""
    return lambda: env["helpdesk.ticket"].search_count([])
