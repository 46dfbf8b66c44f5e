"""Fill a database with an association's work of three years.

The ORM makes the records of small tables (see ``association``), and SQL those of large
ones. Every run makes the same rows: from one seed, on one connection, without parallel
plans. A test fills the smallest size, and so finds a statement that no longer fits its
tables.
"""

from dataclasses import dataclass
from pathlib import Path

import psycopg2

from odoo.tools import SQL

SEED = 0.42
# So many open requests of each state can be moved, of the oldest and of the newest.
MOST_ATTESTED = 250
FOLDER = Path(__file__).resolve().parent
# Given names of men, given names of women, and family names; the most common first.
NAMES = [line.split() for line in (FOLDER / "names.txt").read_text().splitlines()]
FILES = ("files", "households", "verifications", "papers", "appointments")
REQUESTS = (
    "requests",
    "request_steps",
    "request_answers",
    "declarations",
    "decisions",
    "votes",
    "notices",
    "referrals",
    "sessions",
    "deliveries",
    "ratings",
    "seals",
    "interactions",
    "request_threads",
    "threads",
)


@dataclass(frozen=True)
class Size:
    """How many rows a database has; each request has three interactions.

    :ivar portal_users: people who follow their file on the portal, with forty requests
    :ivar tables: the statements to run
    """

    requests: int
    files: int
    portal_users: int = 100
    tables: tuple = (FILES[0], "portal", *FILES[1:], *REQUESTS)


SIZES = {
    "XS": Size(500, 250, portal_users=5),
    "S": Size(20_000, 10_000),
    "M": Size(200_000, 100_000),
    "L": Size(1_000_000, 500_000),
    # Only files: for the near-duplicate search.
    "D": Size(0, 200_000, 0, ("files",)),
    # A decided request for each file: for the release of replies.
    "R": Size(10_000, 10_000, 0, ("files", "decided")),
}


def fill(env, size, parameters):
    """Make the rows of ``size`` in this transaction.

    :param parameters: what ``association.make`` returns
    """
    men, women, families = NAMES
    insert(
        env,
        size.tables,
        {
            **parameters,
            "files": size.files,
            "requests": size.requests,
            "men": men,
            "women": women,
            "families": families,
        },
    )


def insert(env, tables, parameters):
    """Run the statements of these ``tables``, the files in ``sql/``."""
    env.flush_all()
    cr = env.cr
    cr.execute("SET LOCAL max_parallel_workers_per_gather = 0")
    cr.execute("SELECT setseed(%s)", [SEED])
    # Foreign keys are not checked, which takes long; a test does that.
    cr.execute("SET LOCAL session_replication_role = replica")
    for table in tables:
        _run(cr, table, parameters)
    cr.execute("SET LOCAL session_replication_role = origin")
    env.invalidate_all()


def attest(env, company, size):
    """Let the oldest and newest open requests hold what was really matched and signed.

    The rows of SQL have digests of other data, so their requests could not be moved. To
    compute those of all requests would take hours.
    """
    count = min(MOST_ATTESTED, size.requests // 40)
    requests = env["beneficiary.request"]
    for state in ("submitted", "verified", "declared", "in_review", "decided"):
        domain = [("company_id", "=", company.id), ("state", "=", state)]
        for order in ("id", "id desc"):
            _attest(requests.search(domain, order=order, limit=count))
    env.invalidate_all()


def _attest(requests):
    """Write the digests of these requests, as the addon computes them."""
    # Odoo knows where the addon is once its options are read.
    from odoo.addons.beneficiary_relations.rules import seal

    digests = []
    files = requests.beneficiary_id
    for verification in files.verification_ids:
        item = verification.beneficiary_id._get_item_data(verification.item)
        text = seal.canonical(item)
        digests.append((verification, {}, text))
    for request in requests.filtered("declaration_id"):
        text = seal.canonical(request._get_declared_data())
        digests.append((request.declaration_id, {"payload": text}, text))
    for record, values, text in digests:
        # Nobody may write a digest, and a seal protects the declaration.
        values = {**values, "digest": seal.digest(text, record.salt)}
        record.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = %s",
                SQL.identifier(record._table),
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in values.items()
                ),
                record.id,
            )
        )


def _run(cr, table, parameters):
    """Run one statement, and name what its table requires by now."""
    try:
        cr.execute((FOLDER / "sql" / f"{table}.sql").read_text(), parameters)
    except psycopg2.errors.NotNullViolation as error:
        raise ValueError(
            f"bench/sql/{table}.sql gives no value for the required column "
            f"{error.diag.table_name}.{error.diag.column_name}"
        ) from error


def settle(cr):
    """Commit, and let PostgreSQL take stock of the new rows."""
    cr.commit()
    cr._cnx.autocommit = True  # VACUUM cannot run in a transaction
    cr.execute("VACUUM ANALYZE")
    cr._cnx.autocommit = False
