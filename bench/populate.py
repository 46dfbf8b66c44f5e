"""Fill a database with an association's work of three years.

The ORM makes the records of small tables, and SQL those of large ones. Every run makes
the same rows: from one seed, on one connection, without parallel plans.
"""

from dataclasses import dataclass
from pathlib import Path

from odoo import Command

SEED = 0.42
COMMITTEES = 8
PORTAL_USERS = 100
FOLDER = Path(__file__).resolve().parent
# Given names of men, given names of women, and family names; the most common first.
NAMES = [line.split() for line in (FOLDER / "names.txt").read_text().splitlines()]


@dataclass(frozen=True)
class Size:
    """Numbers of requests and files; each request has three interactions."""

    requests: int
    files: int
    tables: tuple = ("files", "requests", "answered", "interactions", "portal")


SIZES = {
    "S": Size(20_000, 10_000),
    "M": Size(200_000, 100_000),
    "L": Size(1_000_000, 500_000),
    # Only files: for the near-duplicate search.
    "D": Size(0, 200_000, ("files",)),
    # A decided request for each file: for the release of replies.
    "R": Size(10_000, 10_000, ("files", "decided")),
}


def populate(env, size):
    """Make the rows of ``size``, and commit; return their association."""
    company = env["res.company"].create({"name": "Bench"})
    committees = env["beneficiary.committee"].create(
        [
            {"name": f"Committee {number}", "company_id": company.id}
            for number in range(COMMITTEES)
        ]
    )
    services = env["beneficiary.service"].create(
        [
            {
                "name": f"Service of {committee.name}",
                "company_id": company.id,
                "committee_id": committee.id,
            }
            for committee in committees
        ]
    )
    policy = env["beneficiary.policy"].create(
        {"name": "Policy of Bench", "company_id": company.id}
    )
    portal = env["res.users"]
    if "portal" in size.tables:
        portal = _make_portal_users(env, company)
    men, women, families = NAMES
    parameters = {
        "company": company.id,
        "policy": policy.id,
        "channel": env.ref("beneficiary_relations.channel_phone").id,
        "officer": env.ref("base.user_admin").id,
        "committees": committees.ids,
        "services": services.ids,
        "portal": portal.ids,
        "portal_users": PORTAL_USERS,
        "files": size.files,
        "requests": size.requests,
        "men": men,
        "women": women,
        "families": families,
    }
    env.flush_all()
    insert(env.cr, size.tables, parameters)
    env.invalidate_all()
    return company


def _make_portal_users(env, company):
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"Portal user {number}",
                    "login": f"bench_portal_{number:03}",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [Command.set(env.ref("base.group_portal").ids)],
                }
                for number in range(PORTAL_USERS)
            ]
        )
    )


def insert(cr, tables, parameters):
    """Run the statements without foreign key checks, and commit."""
    cr.execute("SET LOCAL session_replication_role = replica")
    cr.execute("SET LOCAL max_parallel_workers_per_gather = 0")
    cr.execute("SELECT setseed(%s)", [SEED])
    for table in tables:
        cr.execute((FOLDER / "sql" / f"{table}.sql").read_text(), parameters)
    cr.commit()
    cr._cnx.autocommit = True  # VACUUM cannot run in a transaction
    cr.execute("VACUUM ANALYZE")
    cr._cnx.autocommit = False
