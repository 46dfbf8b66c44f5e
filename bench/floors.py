"""The floor of some operations: what PostgreSQL alone takes for the rows they show."""

from pathlib import Path
from statistics import median

from odoo.tools import SQL

from bench_orm import APPLICANT
from watch import REPETITIONS, watch

STATEMENTS = Path(__file__).resolve().parent / "floors.sql"


def measure(env, company):
    """Return rows of a table: each statement, and its milliseconds."""
    applicant = env["res.users"].search([("login", "=", APPLICANT)])
    parameters = {"company": company.id, "applicant": applicant.id}
    return [
        {"floor": title, "ms": f"{_time(env, statement, parameters):.2f}"}
        for title, statement in read()
    ]


def read():
    """Return (title, SQL) of each statement; its title is the comment above it."""
    parts = STATEMENTS.read_text().split("-- ")[1:]
    return [
        (title, sql) for title, _line, sql in (part.partition("\n") for part in parts)
    ]


def _time(env, statement, parameters):
    query = SQL(statement, **parameters)
    times = [
        watch(env, lambda: env.execute_query(query)).cpu
        for _turn in range(REPETITIONS + 1)
    ]
    return median(times[1:])
