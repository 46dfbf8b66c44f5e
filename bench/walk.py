"""The screen walk: what each screen costs for each role, in queries and in CPU.

Each call of the web client (see ``screens``) is made by each role with an empty cache.
What is over a limit is made again: the least counts, because the machine may be busy.
Managers and auditors read all of the association, as officers do: of them only those
calls are made that officers do not make, and those of the first screen.
"""

import gc
from pathlib import Path
from time import monotonic, process_time

from odoo.tools import mute_logger

import report
import screens

ROLES = ("officer", "delegate", "member", "manager", "auditor")
LIKE_OFFICERS = ("manager", "auditor")
MOST_QUERIES = 40
MOST_MS = 300  # of the database
# A report of all rows reads all of them, however it is asked.
MOST_MS_OF_REPORTS = 2000
REPORTS = ("compliance", "home", "request_analysis_", "interaction_analysis_")
AGAIN = 2
SHOWN = 150
NANO = 1_000_000


class _Undo(Exception):
    """Nothing that a call writes is kept."""


def measure(env):
    """Return the rows of all screens: a dictionary each, the costliest first."""
    env.cr.execute("SELECT pg_backend_pid()")
    clock = Path(f"/proc/{env.cr.fetchone()[0]}/schedstat")
    # The work of helpers would count for nobody; the README advises jit = off.
    env.cr.execute("SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off")
    gc.freeze()  # what is loaded once is not searched for garbage at each call
    rows = {}
    for role in ROLES:
        user = env["res.users"].search([("login", "=", f"bench_{role}")])
        for call in screens.walk_all(env(user=user.id)):
            is_known = (call.screen, call.what) in rows and call.screen != "home"
            if is_known and role in LIKE_OFFICERS:
                continue
            row = _watch(call.model.env, clock, call)
            key = row["screen"], row["what"]
            worst = rows.setdefault(key, {**row, "role": role})
            if _get_cost(row) > _get_cost(worst):
                rows[key] = {**row, "role": role}
    return sorted(rows.values(), key=_get_cost, reverse=True)


def run(env, folder, name, circumstances):
    """Walk, print what is over a limit, and write the page; return 1 if anything is."""
    start = monotonic()
    rows = measure(env)
    env.cr.rollback()
    over = [row for row in rows if is_over(row)]
    parts = [
        (
            "Summary",
            f"{circumstances}\n\n{len(rows)} calls of the web client, made by "
            f"{len(ROLES)} roles; a line is of the role that costs the most. At most "
            f"{MOST_QUERIES} queries and {MOST_MS} ms of the database,"
            f" {MOST_MS_OF_REPORTS} ms for the first screen, the compliance page and"
            f" the analyses, which read all rows. Over a limit: {len(over)}. Took"
            f" {(monotonic() - start) / 60:.0f} minutes.",
        ),
        (f"The {SHOWN} costliest", _get_table(rows[:SHOWN])),
    ]
    if over:
        print(_get_table(over))
    page = report.write(folder, f"walk_{name}", "Screen walk", parts)
    print(f"    {len(rows)} calls, {len(over)} over a limit: {page}")
    return int(bool(over))


def is_over(row):
    has_error, cost = _get_cost(row)
    return has_error or cost > 1


def _get_cost(row):
    """Return what is sorted by: an error first, then the share of the limits."""
    most = MOST_MS_OF_REPORTS if row["screen"].startswith(REPORTS) else MOST_MS
    cost = max(row["database"] / most, row["queries"] / MOST_QUERIES)
    return bool(row["error"]), cost


def _get_table(rows):
    return report.table(
        [
            {
                "screen": row["screen"],
                "what": row["what"],
                "role": row["role"],
                "rows": row["rows"],
                "queries": row["queries"],
                "Python ms": f"{row['python']:.0f}",
                "database ms": f"{row['database']:.0f}",
                "": row["error"] or ("OVER" if is_over(row) else ""),
            }
            for row in rows
        ]
    )


def _watch(env, clock, call):
    """Make the call, and again if it is over a limit; return the least that it cost."""
    row = _measure(env, clock, call)
    for _time in range(AGAIN):
        if not is_over(row) or row["error"]:
            break
        row = min(row, _measure(env, clock, call), key=_get_cost)
    return row


def _measure(env, clock, call):
    row = {"screen": call.screen, "what": call.what, "rows": 0, "error": ""}
    env.flush_all()
    env.invalidate_all()

    try:
        with env.cr.savepoint(), mute_logger("odoo.sql_db"):
            queries, python, database = (
                env.cr.sql_log_count,
                process_time(),
                _read(clock),
            )
            try:
                row["rows"] = call.run()
            except Exception as error:  # told in the page, as what is over a limit
                row["error"] = f"{type(error).__name__}: {error}".split("\n")[0]
            row |= {
                "queries": env.cr.sql_log_count - queries,
                "python": (process_time() - python) * 1000,
                "database": (_read(clock) - database) / NANO,
            }
            raise _Undo
    except _Undo:
        return row


def _read(clock):
    """Return the nanoseconds that the backend was at work."""
    return int(clock.read_text().split()[0])
