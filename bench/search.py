"""D2: what people type into the search of files, and its PostgreSQL query plans."""

import gc
from statistics import median
from time import perf_counter

from odoo.tools import SQL

from duplicates import REPETITIONS

# The list shows this many files.
PAGE = 80
TYPED = {
    "one common word": "محمد",
    "two words, in another order": "النجار محمد",
    "three words": "النجار محمد عبدالله",
    "an unknown word and a common one": "محمد الصبيانيي",
}


def measure(env, company):
    """Return (rows, plans): time and queries of each search, and its EXPLAIN."""
    files = env["beneficiary.beneficiary"]
    rows, plans = [], {}
    for title, text in {**TYPED, **_get_numbers(files, company)}.items():
        domain = [("company_id", "=", company.id), ("display_name", "ilike", text)]
        found = len(files.search(domain, limit=PAGE))  # warm
        times = []
        for _repetition in range(REPETITIONS):
            gc.collect()
            start = perf_counter()
            files.search(domain, limit=PAGE)
            times.append((perf_counter() - start) * 1000)
        rows.append(
            {
                "search": title,
                "found": found,
                "median ms": f"{median(times):.1f}",
                "min": f"{min(times):.1f}",
                "max": f"{max(times):.1f}",
            }
        )
        query = files._search(domain, limit=PAGE)
        lines = env.execute_query(
            SQL("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) %s", query.select())
        )
        plans[title] = "\n".join(line for (line,) in lines)
    return rows, plans


def _get_numbers(files, company):
    """Return numbers of a file, as people type them."""
    domain = [
        ("company_id", "=", company.id),
        ("phone", "!=", False),
        ("identity_number", "!=", False),
    ]
    file = files.search(domain, order="id", offset=PAGE, limit=1)
    return {
        "telephone": file.phone.replace("+966", "0").replace(" ", ""),
        "part of a number": file.identity_number[:8],
    }
