"""D1: the near-duplicate search for one new file, and its PostgreSQL query plans."""

import gc
from pathlib import Path
from statistics import median
from time import perf_counter

from odoo.tools import SQL

REPETITIONS = 9
# Names that an officer types: a very common one, a rare one and an unknown one, each
# with and without a date of birth.
TYPED = {
    "common name alone": {"name": "محمد عبدالله محمد النجار"},
    "commonest name alone": {"name": "محمد محمد محمد النجار"},
    "rare name alone": {"name": "العنود شايع مساعد الصبياني"},
    "name of two words": {"name": "محمد النجار"},
    "common name, birth date": {
        "name": "محمد عبدالله محمد النجار",
        "birth_date": "1985-04-17",
    },
    "common name, birth date, phone": {
        "name": "محمد عبدالله محمد النجار",
        "birth_date": "1985-04-17",
        "phone": "+966500000017",
    },
    "rare name, birth date, phone, identity": {
        "name": "العنود شايع مساعد الصبياني",
        "birth_date": "1985-04-17",
        "phone": "+966500000017",
        "identity_number": "1000000008",
    },
}


def measure(env, company):
    """Return (rows, plans): time and queries of each search, and its EXPLAIN."""
    rows, plans = [], {}
    ((pid,),) = env.execute_query(SQL("SELECT pg_backend_pid()"))
    for title, values in TYPED.items():
        file = env["beneficiary.beneficiary"].new(
            {"company_id": company.id, "kind": "person", **values}
        )
        found = file._find_near_duplicates()  # warm
        times, worked = [], []
        for _repetition in range(REPETITIONS):
            gc.collect()
            queries, work = env.cr.sql_log_count, _server_work(pid)
            start = perf_counter()
            file._find_near_duplicates()
            times.append((perf_counter() - start) * 1000)
            worked.append(_server_work(pid) - work)
            queries = env.cr.sql_log_count - queries
        rows.append(
            {
                "search": title,
                "found": len(found.get(file, ())),
                "queries": queries,
                "PostgreSQL at work, ms": f"{median(worked):.1f}",
                "median ms": f"{median(times):.1f}",
                "min": f"{min(times):.1f}",
                "max": f"{max(times):.1f}",
            }
        )
        plans[title] = _explain(env, file)
    return rows, plans


def _server_work(pid):
    """Return the CPU time of a server process in milliseconds.

    Other load on the machine does not change it. Zero if the server is on another
    machine.
    """
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6
    except FileNotFoundError:
        return 0.0


def _explain(env, file):
    query = file._get_near_duplicate_query([file._get_duplicate_probe(0)])
    lines = env.execute_query(SQL("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) %s", query))
    return "\n".join(line for (line,) in lines)
