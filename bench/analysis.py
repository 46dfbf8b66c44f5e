"""The first screen and the reports, as a manager sees them."""

import gc
from statistics import median
from time import perf_counter

from duplicates import REPETITIONS

REPORT = "beneficiary.request.report"
YEAR = [("submitted_on", ">=", "today -12m")]
PAGE = 80


def measure(env, company):
    """Return (rows, plans): time and queries of each screen; there are no plans."""
    manager = env["res.users"].search([("login", "=", "bench_manager")])
    env = env(user=manager.id)
    home, report = env["beneficiary.home"], env[REPORT]
    contacts = env["beneficiary.interaction.report"]
    days = [
        f"{name}:avg" for name in report._fields if name.startswith(("days_", "amount"))
    ]
    return [
        _watch(env, title, call)
        for title, call in (
            ("first screen: lines", home.get_home),
            ("first screen: figures", home.get_figures),
            (
                "graph: requests and outcomes of a year by month",
                lambda: report.formatted_read_group(
                    YEAR, ["submitted_on:month", "outcome"], ["__count"]
                ),
            ),
            (
                "pivot: days of all requests by service",
                lambda: report.formatted_read_group([], ["service_id"], days),
            ),
            ("list: a page of requests", lambda: _read_page(report)),
            (
                "pivot: all contacts by channel and kind",
                lambda: contacts.formatted_read_group(
                    [], ["channel_id", "kind"], ["minutes:sum", "days_to_answer:avg"]
                ),
            ),
            ("list: a page of contacts", lambda: _read_page(contacts)),
        )
    ], {}


def _read_page(report):
    names = [name for name, field in report._fields.items() if field.store]
    return report.search([], limit=PAGE).read(names)


def _watch(env, title, call):
    """Return the row of one screen: median time, and queries."""
    call()  # warm
    times = []
    for _repetition in range(REPETITIONS):
        env.invalidate_all()
        gc.collect()
        queries, start = env.cr.sql_log_count, perf_counter()
        call()
        times.append((perf_counter() - start) * 1000)
        queries = env.cr.sql_log_count - queries
    return {
        "screen": title,
        "queries": queries,
        "median ms": f"{median(times):.0f}",
        "worst ms": f"{max(times):.0f}",
    }
