"""Measure the compliance page: time and queries for all its figures."""

from datetime import timedelta
from statistics import median
from time import perf_counter

RUNS = 5


def measure(env, company):
    """Return (rows, plans): what was measured, its time and queries; no plans."""
    today = company._get_beneficiary_today()
    pages = env["beneficiary.compliance"]
    rows = []
    for title, years in (("a year", 1), ("three years", 3)):
        page = pages.create(
            {
                "company_id": company.id,
                "period": "own",
                "date_from": today - timedelta(years * 366),
                "date_to": today,
            }
        )
        rows.append(_time(env, f"The page of {title}", page.action_refresh))
    line = page.line_ids.filtered(lambda one: one.code == "apart_in_time")
    domain = line.action_open_broken()["domain"]
    requests = env["beneficiary.compliance.request"]
    rows.append(
        _time(
            env,
            "The records behind a line",
            lambda: requests.web_search_read(
                domain, {"request_id": {}, "day": {}, "state": {}}, limit=80
            ),
        )
    )
    return rows, {}


def _time(env, name, run):
    times = []
    for _number in range(RUNS):
        env.invalidate_all()
        before, start = env.cr.sql_log_count, perf_counter()
        run()
        env.flush_all()
        times.append((perf_counter() - start) * 1000)
    return {
        "measured": name,
        "median ms": round(median(times)),
        "slowest ms": round(max(times)),
        "queries": env.cr.sql_log_count - before,
    }
