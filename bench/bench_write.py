"""Gates of writing: creation, moves, votes and deletion, beside the peers.

Every run is rolled back. Nothing is left out: the records have the same messages,
followers, notices and activities as in daily work, unless an operation says "quiet".
"""

import itertools
from datetime import timedelta

from odoo.fields import Datetime
from odoo.tools import SQL

from bench_orm import FILE, OFFICER, REQUEST, Operation, get_peers
from watch import Contestant, watch_memory

MANY = 1_000
BATCH = 200
# Rows that the client sends at a time when a sheet is imported.
IMPORTED = 10_000
SHEET = 2_000
OLD, YOUNG = 3 * 365, 20
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}
MANAGER, MEMBER = "bench_manager", "bench_member"


def get_operations(env):
    """Return the writing operations, for the peers that are installed."""
    peers = get_peers(env)
    makers = {
        "ours": _get_request_vals,
        "oca": _get_ticket_vals,
        "task": _get_task_vals,
    }
    makers = {name: makers[name] for name in ("ours", *peers)}
    yield Operation(
        "W1",
        f"Create {MANY:,}, quiet",
        [_create(name, maker, MANY, quiet=True) for name, maker in makers.items()],
    )
    yield Operation(
        "W2",
        f"Create {MANY:,}, default, assigned",
        [
            _create(name, maker, MANY, assigned=True)
            for name, maker in makers.items()
            if name != "task"
        ],
    )
    yield Operation(
        "W3",
        "Create one, default",
        [
            _create("ours", _get_request_vals, 1),
            *([_create("crm", _get_lead_vals, 1)] if "crm.lead" in env else []),
        ],
    )
    yield from _get_moves(peers)
    for records, gate in ((1, "W6"), (BATCH, "W6")):
        yield Operation(
            gate,
            f"Submit {records}, 3 years old beside 20 days old",
            [
                _submit("ours", records, OLD),
                _submit("young", records, YOUNG),
            ],
        )
    yield Operation(
        "W8",
        f"Unlink {BATCH} drafts",
        [
            _unlink("ours", _get_request_vals, MANAGER),
            # As superuser: of the OCA's groups only its managers may delete.
            *([_unlink("oca", _get_ticket_vals, None)] if "oca" in peers else []),
        ],
    )
    yield Operation(
        "I1",
        f"Import of {IMPORTED:,} files",
        [Contestant("ours", OFFICER, _import, IMPORTED)],
    )


def _get_moves(peers):
    """Return single moves of a request, and one of many, beside a change of stage."""
    stage = [_change_stage(1)] if "oca" in peers else []
    for operation, contestant in (
        ("One vote", Contestant("ours", MEMBER, _vote)),
        ("One move: submit", _submit("ours", 1)),
        ("One move: return, told to the applicant", _move("submitted", "return")),
        (
            "One move: release, told to the applicant",
            _move("decided", "release", MANAGER),
        ),
    ):
        yield Operation("W4", operation, [contestant, *stage])
    stages = [_change_stage(BATCH)] if "oca" in peers else []
    yield Operation("W5", f"Submit {BATCH}", [_submit("ours", BATCH), *stages])


def _get_request_vals(env, count):
    """Return the values of ``count`` requests, each of a person of its own."""
    files = env[FILE].search([], limit=count, order="id desc")
    service = env["beneficiary.service"].search([], limit=1)
    channel = env.ref("beneficiary_relations.channel_phone")
    return env[REQUEST], [
        {
            "beneficiary_id": file.id,
            "service_id": service.id,
            "channel_id": channel.id,
            "description": "Example",
        }
        for file in files
    ]


def _get_ticket_vals(env, count):
    team = env["helpdesk.ticket.team"].search([], limit=1)
    return env["helpdesk.ticket"], [
        {
            "name": "Example",
            "description": "Example",
            "team_id": team.id,
            "partner_id": partner.id,
        }
        for partner in _get_partners(env, count)
    ]


def _get_task_vals(env, count):
    project = env["project.project"].search([], limit=1)
    return env["project.task"], [
        {"name": "Example", "project_id": project.id, "partner_id": partner.id}
        for partner in _get_partners(env, count)
    ]


def _get_lead_vals(env, count):
    return env["crm.lead"], [
        {"name": "Example", "type": "opportunity", "partner_id": partner.id}
        for partner in _get_partners(env, count)
    ]


def _get_partners(env, count):
    return env["res.partner"].search([], limit=count, order="id desc")


# The field of a model that says who works on a record.
ASSIGNED = {REQUEST: "officer_id", "helpdesk.ticket": "user_id"}


def _create(name, maker, count, *, quiet=False, assigned=False):
    def prepare(env, turn):
        model, vals_list = maker(env, count)
        if assigned:
            manager = env["res.users"].search([("login", "=", MANAGER)])
            for vals in vals_list:
                vals[ASSIGNED[model._name]] = manager.id
        if quiet:
            model = model.with_context(**QUIET)
        return lambda: model.create(vals_list)

    return Contestant(name, OFFICER, prepare, count)


def _make(env, maker, count):
    """Return new records, whose creation is not watched."""
    model, vals_list = maker(env, count)
    return model.with_context(**QUIET).create(vals_list).with_env(env)


def _submit(name, count, age=0):
    def prepare(env, turn):
        requests = _make(env, _get_request_vals, count)
        env.flush_all()
        env.cr.execute(
            SQL(
                "UPDATE beneficiary_request SET create_date = %s WHERE id = ANY(%s)",
                Datetime.now() - timedelta(age),
                requests.ids,
            )
        )
        return lambda: requests.action_submit(evidence="Asked", minutes=5)

    return Contestant(name, OFFICER, prepare, count)


def _move(state, move, login=OFFICER):
    def prepare(env, turn):
        request = env[REQUEST].search([("state", "=", state)], limit=1, offset=turn)
        action = getattr(request.browse(request.ids), f"action_{move}")
        return lambda: action(reason="Example")

    return Contestant("ours", login, prepare)


def _vote(env, turn):
    votes = env["beneficiary.vote"].search(
        [("user_id", "=", env.uid), ("choice", "=", False)], limit=1, offset=turn
    )
    decision = votes.decision_id
    decision.ensure_one()
    return lambda: decision.browse(decision.ids).action_vote("accept", "Example")


def _change_stage(count):
    def prepare(env, turn):
        tickets = env["helpdesk.ticket"].search(
            [("closed", "=", False)], limit=count, offset=turn * count, order="id"
        )
        stages = env["helpdesk.ticket.stage"].search([("closed", "=", False)])
        target = (stages - tickets[0].stage_id)[0]
        tickets = tickets.browse(tickets.ids)
        return lambda: tickets.write({"stage_id": target.id})

    return Contestant("oca", OFFICER, prepare, count)


def _unlink(name, maker, login):
    def prepare(env, turn):
        records = _make(env, maker, BATCH)
        return records.browse(records.ids).unlink

    return Contestant(name, login, prepare, BATCH)


def _import(env, turn):
    """Import sheets of new files, as the client sends them."""
    fields = ["name", "kind", "identity_type", "identity_number", "phone"]
    identity_numbers = _find_free(env, "identity_number", _make_identity_number)
    phones = _find_free(env, "phone", lambda number: f"+966559{number:06}")
    rows = [
        [f"مستفيد {number}", "person", "national", identity_number, phone]
        for number, (identity_number, phone) in enumerate(
            zip(identity_numbers, phones, strict=True)
        )
    ]
    files = env[FILE].with_context(import_file=True, lang="en_US")

    def work():
        for start in range(0, IMPORTED, SHEET):
            answer = files.load(fields, rows[start : start + SHEET])
            if not answer["ids"]:
                raise AssertionError(answer["messages"][:3])

    return work


def _find_free(env, name, make):
    """Return the first values that no file has, so that each row is a new person.

    :param make: returns the value of a number
    """
    column = SQL.identifier(name)
    query = SQL("SELECT %s FROM beneficiary_beneficiary", column)
    taken = {value for (value,) in env.execute_query(query)}
    free = (value for value in map(make, itertools.count()) if value not in taken)
    return [*itertools.islice(free, IMPORTED)]


def _make_identity_number(number):
    """Return a number with the check digit of national identity numbers."""
    digits = f"19{number:07}"
    total = sum(
        sum(divmod(int(digit) * (2 - place % 2), 10))
        for place, digit in enumerate(digits)
    )
    return f"{digits}{-total % 10}"


def watch_creation(watch):
    """Return by how many megabytes the creation of many requests grows the process."""
    grown = []

    def prepare(env, turn):
        create = _create("ours", _get_request_vals, MANY).prepare(env, turn)
        return lambda: grown.append(watch_memory(create))

    watch.sample(Contestant("ours", OFFICER, prepare), 0)
    return grown[0]
